// Shows that the testing kit can fail: the engine is broken on purpose, one bug at a time, and the kit's own tests (paths
// and crash points of the machine, contracts, the model on a disk that forgets) must find each.
// usage: npm run test:model:bugs [-- NAME]
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../../', import.meta.url));
const weakDisk = 'test/model/weak';
const machine = 'test/model/improvement-machine.test.ts';
const contracts = 'test/unit/testing/contracts/own-adapters.test.ts';

/** `by`: the tests of the kit that find it. The texts must stand in the source, so that no bug rots unseen. */
const bugs = [
  {
    name: 'what is kept of a plan and a snapshot is not flushed',
    file: 'src/store/durable-file.ts',
    from: '    await handle.sync();\n  } finally {\n    await handle.close();\n  }\n}\n\n/** Puts',
    to: '  } finally {\n    await handle.close();\n  }\n}\n\n/** Puts',
    by: weakDisk,
  },
  {
    name: 'the journal is not flushed',
    file: 'src/store/journal.ts',
    from: 'if (durable) await handle.sync();',
    to: 'void durable;',
    by: weakDisk,
  },
  {
    name: 'staged files are not flushed',
    file: 'src/workspace/copy-file.ts',
    from: '  await fs.syncFile(to);',
    to: '',
    by: weakDisk,
  },
  {
    name: 'an effect does not wait for the snapshot of its state',
    file: 'src/actors/effect-runner.ts',
    from: 'await this.snapshotIsSaved()',
    to: 'await Promise.resolve()',
    by: weakDisk,
  },
  {
    name: 'a new file replaces what stands there',
    file: 'src/workspace/place.ts',
    from: 'await fs.link(placement.source, placement.target);',
    to: 'await fs.rename(placement.source, placement.target);',
    by: weakDisk,
  },
  {
    name: 'only the last change is put back',
    file: 'src/actors/roll-back.ts',
    from: "journal.of('intent').reverse()",
    to: "journal.of('intent').reverse().slice(0, 1)",
    by: weakDisk,
  },
  {
    name: 'folders that were made stay',
    file: 'src/actors/roll-back.ts',
    from: 'await removeDirectory(tree, directory);',
    to: 'void tree;',
    by: contracts,
  },
  {
    name: 'a check that did not run counts as passed',
    file: 'machines/improvement-guards.ts',
    from: "required.every((check) => check.status === 'passed')",
    to: "required.every((check) => check.status !== 'failed')",
    by: machine,
  },
  {
    name: 'a rollback that failed is called rolled back',
    file: 'machines/improvement-guards.ts',
    from: 'Array.isArray(report?.failed) && report.failed.length === 0',
    to: 'Array.isArray(report?.failed)',
    by: machine,
  },
  {
    name: 'an approval of another plan is taken',
    file: 'machines/improvement-machine.ts',
    from: 'params.planDigest === context.planDigest',
    to: "params.planDigest !== '' && context.planDigest !== ''",
    by: machine,
  },
  {
    name: 'a check may take as long as it likes',
    file: 'src/checks/run-check.ts',
    from: 'timeoutMs: timeoutOf(check),',
    to: 'timeoutMs: defaultTimeoutMs,',
    by: contracts,
  },
  {
    name: 'an edit since the plan is overwritten',
    file: 'src/actors/back-up.ts',
    from: 'if (!sameImage(now.image, planned.before)) {',
    to: 'if (planned.path === "") {',
    by: contracts,
  },
];

const only = process.argv[2];
const sound = new Set();
let missed = 0;
for (const bug of bugs.filter(({ name }) => !only || name === only)) {
  const isFound = finds(bug);
  console.log(`${isFound ? 'found ' : 'MISSED'}  ${bug.name}`);
  if (!isFound) missed += 1;
}
console.log(`bugs: ${bugs.length} tried, ${missed} missed`);
process.exitCode = missed > 0 ? 1 : 0;

function finds({ file, from, to, by }) {
  const directory = mkdtempSync(join(tmpdir(), 'moult-bug-'));
  try {
    for (const part of ['src', 'machines', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts'])
      cpSync(join(project, part), join(directory, part), { recursive: true });
    symlinkSync(join(project, 'node_modules'), join(directory, 'node_modules'));
    requireSound(directory, by);
    replaceOnce(join(directory, file), from, to);
    const bad = run(directory, by);
    return bad.status !== 0 && /\d+ failed/.test(bad.stdout);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Tests that fail anyhow would find every bug. */
function requireSound(directory, tests) {
  if (sound.has(tests)) return;
  const { status, stdout } = run(directory, tests);
  if (status !== 0) throw new Error(`${tests} fails without a bug:\n${stdout}`);
  sound.add(tests);
}

function run(directory, tests) {
  const vitest = join(project, 'node_modules/vitest/vitest.mjs');
  const env = { ...process.env, NO_COLOR: '1', MOULT_MODEL_RUNS: '1000' };
  const options = { cwd: directory, encoding: 'utf8', env };
  return spawnSync(process.execPath, [vitest, 'run', '--bail=1', tests], options);
}

function replaceOnce(file, from, to) {
  const text = readFileSync(file, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${file} must have exactly one ${JSON.stringify(from)}`);
  writeFileSync(
    file,
    text.replace(from, () => to),
  );
}
