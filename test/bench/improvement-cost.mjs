// What an improvement of ten files adds to the check it runs, against copying and fsyncing those ten files, in one run:
// in a repository with nothing uncommitted, and in one where the ten files are (the checkpoint has to save them first), or
// a hundred others. Of each also what it takes to find out what the checks changed outside the plan (the witness).
// usage: npm run bench [-- rounds]
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from './run-check-alone.mjs';
import { SelfImprovementService } from 'moult';

const rounds = Number(process.argv[2] ?? 15);
const fileCount = 1_000;
const changedCount = 10;
const otherCount = 100;

/** Of the newest improvement of each name: from the state of the checks to the first of them, and from the last to the next state. */
const witnessMs = {};
const root = await mkdtemp(join(tmpdir(), 'moult-bench-'));
try {
  await makeRepository();
  const samples = { copy: [], check: [], clean: [], dirty: [], busy: [] };
  const witness = { clean: [], dirty: [], busy: [] };
  for (let round = -2; round < rounds; round += 1) {
    const taken = {
      copy: await timed(copyAndSync),
      check: await timed(() => runChild('true', root)),
      clean: await timed(() => improve(`clean ${round}`)),
      // The ten files hold what was written just now.
      dirty: await timed(() => improve(`dirty ${round}`)),
    };
    git('checkout', '-q', '--', '.');
    await editOthers(round);
    taken.busy = await timed(() => improve(`busy ${round}`));
    git('checkout', '-q', '--', '.');
    // The first two only warm up.
    if (round < 0) continue;
    for (const [name, ms] of Object.entries(taken)) samples[name].push(ms);
    for (const [name, ms] of Object.entries(witnessMs)) witness[name].push(ms);
  }
  report(samples, witness);
} finally {
  await rm(root, { recursive: true, force: true });
}

function names() {
  return Array.from({ length: changedCount }, (_, index) => `src/part-${index}/file-0.ts`);
}

async function makeRepository() {
  for (let index = 0; index < fileCount; index += 1) {
    const directory = join(root, 'src', `part-${index % 50}`);
    await mkdir(directory, { recursive: true });
    await writeFile(
      join(directory, `file-${Math.floor(index / 50)}.ts`),
      `export const value = ${index};\n`.repeat(100),
    );
  }
  const git = (...args) =>
    execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], {
      cwd: root,
    });
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'bench');
}

function git(...args) {
  execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], { cwd: root });
}

/** The honest minimum: each file copied whole and on disk, and the directory that names the copies as well. */
async function copyAndSync() {
  const target = await mkdtemp(join(root, '.git', 'copy-'));
  for (const [index, name] of names().entries()) {
    const copy = join(target, String(index));
    await copyFile(join(root, name), copy);
    await sync(copy);
  }
  await sync(target);
  await rm(target, { recursive: true });
}

async function sync(path) {
  const handle = await open(path, 'r');
  await handle.sync();
  await handle.close();
}

async function editOthers(round) {
  for (let index = 0; index < otherCount; index += 1)
    await writeFile(
      join(root, `src/part-${index % 50}/file-${5 + Math.floor(index / 50)}.ts`),
      `// ${round}\n`,
    );
}

async function improve(name) {
  const times = new Map();
  const service = new SelfImprovementService(root, {
    onProgress: ({ type, state }) => times.set(state ?? type, performance.now()),
    config: {
      checks: [{ name: 'true', type: 'custom', command: 'true', required: true }],
      restartTriggers: [],
    },
  });
  await service.planImprovement({
    description: name,
    targetFiles: [],
    requiresRestart: false,
    changes: names().map((file) => ({
      file,
      type: 'modify',
      content: `export const value = '${name}';\n`.repeat(100),
    })),
  });
  const result = await service.executeImprovement();
  const between = (from, to) => times.get(to) - times.get(from);
  witnessMs[name.split(' ')[0]] =
    between('testing.running_checks', 'check-started') + between('check-finished', 'testing.sealing');
  if (!result.success) throw new Error(`the benchmark's own improvement failed: ${result.error}`);
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function report({ copy, check, clean, dirty, busy }, witness) {
  const line = (name, ms) => console.log(`${name.padEnd(52)} ${ms.toFixed(2).padStart(9)} ms`);
  const ratio = (all) => ((median(all) - median(check)) / median(copy)).toFixed(1);
  console.log(`${fileCount} files, ${changedCount} changed, ${copy.length} rounds, medians`);
  line('copy and fsync the ten files', median(copy));
  line('the check `true` alone', median(check));
  line('plan + execute with that check, nothing uncommitted', median(clean));
  line('plan + execute with that check, the ten uncommitted', median(dirty));
  line(`plan + execute with that check, ${otherCount} others uncommitted`, median(busy));
  console.log(`added / copy, nothing uncommitted: ${ratio(clean)} (goal: below 10)`);
  console.log(`added / copy, the ten uncommitted: ${ratio(dirty)}`);
  console.log(`added / copy, ${otherCount} others uncommitted: ${ratio(busy)}`);
  for (const [name, all] of Object.entries({ clean, dirty, busy })) {
    const added = median(all) - median(check);
    const ms = median(witness[name]);
    const share = (added / (added - ms)).toFixed(2);
    console.log(`the witness, ${name}: ${ms.toFixed(2)} ms; added with it / without it: ${share}`);
  }
}
