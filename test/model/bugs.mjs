// Shows that the testing kit can fail: the engine is broken on purpose by one patch of test/model/bugs after the other, and
// the kit's own tests (paths and crash points of the machine, contracts, the model on a disk that forgets) must find each.
// usage: npm run test:model:bugs [-- NAME …]
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../../', import.meta.url));
const patches = join(project, 'test/model/bugs');
const names = readdirSync(patches).map((file) => file.replace(/\.patch$/, ''));
const tried = process.argv.length > 2 ? process.argv.slice(2) : names;
for (const name of tried)
  if (!names.includes(name)) throw new Error(`${name} is none of: ${names.join(', ')}`);

const sound = new Set();
let missed = 0;
for (const name of tried) {
  const isFound = finds(join(patches, `${name}.patch`));
  console.log(`${isFound ? 'found ' : 'MISSED'}  ${name}`);
  if (!isFound) missed += 1;
}
console.log(`bugs: ${tried.length} tried, ${missed} missed`);
process.exitCode = missed > 0 ? 1 : 0;

function finds(patch) {
  const tests = /^Found by: (.+)$/m.exec(readFileSync(patch, 'utf8'))[1];
  const directory = mkdtempSync(join(tmpdir(), 'moult-bug-'));
  try {
    for (const part of ['src', 'machines', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts'])
      cpSync(join(project, part), join(directory, part), { recursive: true });
    for (const part of ['node_modules', 'dist']) symlinkSync(join(project, part), join(directory, part));
    requireSound(directory, tests);
    apply(directory, patch);
    const bad = run(directory, tests);
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

function apply(directory, patch) {
  const { status, stderr } = spawnSync('git', ['apply', patch], { cwd: directory, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

function run(directory, tests) {
  const vitest = join(project, 'node_modules/vitest/vitest.mjs');
  const env = { ...process.env, NO_COLOR: '1', MOULT_MODEL_RUNS: '400' };
  const options = { cwd: directory, encoding: 'utf8', env };
  return spawnSync(process.execPath, [vitest, 'run', '--bail=1', tests], options);
}
