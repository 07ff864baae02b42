// The long runs of the models: whole improvements on a disk that forgets, and real repositories.
// usage: npm run test:model -- [--runs 200000] [--real 1000] [--seed 1] [--jobs 2]
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200000' },
    real: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
  },
});
const project = fileURLToPath(new URL('../../', import.meta.url));
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
/** Few enough that a failure is seen soon and a process does not grow old. */
const batch = 5_000;
const batches = [
  ...inBatches(Number(values.runs), batch).map((runs) => ({
    folder: 'weak',
    name: 'MOULT_MODEL_RUNS',
    runs,
  })),
  ...inBatches(Number(values.real), batch / 100).map((runs) => ({
    folder: 'real',
    name: 'MOULT_REAL_RUNS',
    runs,
  })),
].map((one, index) => ({ ...one, seed: Number(values.seed) * 1_000_003 + index }));

const totals = { weak: 0, real: 0 };
let failures = 0;
const queue = batches[Symbol.iterator]();
await Promise.all(Array.from({ length: Number(values.jobs) }, work));
console.log(
  `disk that forgets: ${totals.weak} runs, real repositories: ${totals.real} runs, ${failures} failed batches`,
);
process.exitCode = failures > 0 ? 1 : 0;

async function work() {
  for (const one of queue) {
    const { code, output } = await run(one);
    totals[one.folder] += one.runs;
    if (code === 0) continue;
    failures += 1;
    console.log(
      `FAILED ${one.folder}, again: ${one.name}=${one.runs} MOULT_MODEL_SEED=${one.seed} npx vitest run test/model/${one.folder}`,
    );
    console.log(output);
  }
}

function run({ folder, name, runs, seed }) {
  const env = { ...process.env, NO_COLOR: '1', [name]: String(runs), MOULT_MODEL_SEED: String(seed) };
  const child = spawn(process.execPath, [vitest, 'run', `test/model/${folder}`], { cwd: project, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

function inBatches(total, size) {
  return Array.from({ length: Math.ceil(total / size) }, (_, index) => Math.min(size, total - index * size));
}
