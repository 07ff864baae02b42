// What an improvement of ten files adds to the check it runs, against copying and fsyncing those ten files, in one run:
// in a repository with nothing uncommitted, and in one where the ten files are (the checkpoint has to save them first).
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

const root = await mkdtemp(join(tmpdir(), 'moult-bench-'));
try {
  await makeRepository();
  const samples = { copy: [], check: [], clean: [], dirty: [] };
  for (let round = -2; round < rounds; round += 1) {
    const taken = {
      copy: await timed(copyAndSync),
      check: await timed(() => runChild('true', root)),
      clean: await timed(() => improve(`clean ${round}`)),
      // The ten files hold what was written just now.
      dirty: await timed(() => improve(`dirty ${round}`)),
    };
    git('checkout', '-q', '--', '.');
    // The first two only warm up.
    if (round >= 0) for (const [name, ms] of Object.entries(taken)) samples[name].push(ms);
  }
  report(samples);
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

async function improve(name) {
  const service = new SelfImprovementService(root, {
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

function report({ copy, check, clean, dirty }) {
  const line = (name, ms) => console.log(`${name.padEnd(52)} ${ms.toFixed(2).padStart(9)} ms`);
  const ratio = (all) => ((median(all) - median(check)) / median(copy)).toFixed(1);
  console.log(`${fileCount} files, ${changedCount} changed, ${copy.length} rounds, medians`);
  line('copy and fsync the ten files', median(copy));
  line('the check `true` alone', median(check));
  line('plan + execute with that check, nothing uncommitted', median(clean));
  line('plan + execute with that check, the ten uncommitted', median(dirty));
  console.log(`added / copy, nothing uncommitted: ${ratio(clean)} (goal: below 10)`);
  console.log(`added / copy, the ten uncommitted: ${ratio(dirty)}`);
}
