// The long runs of the models: whole improvements on a disk that forgets, and sequences on real repositories. They come in
// batches; which are done is remembered in coverage/model, for these sources, so that a run that was cut goes on.
// usage: npm run test:model -- [--runs 200000] [--real 1000] [--seed 1] [--jobs 2]
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
const vitest = join(project, 'node_modules/vitest/vitest.mjs');
const kinds = {
  real: { variable: 'MOULT_REAL_RUNS', total: Number(values.real), batch: 25 },
  weak: { variable: 'MOULT_MODEL_RUNS', total: Number(values.runs), batch: 2_500 },
};
const records = join(project, 'coverage/model');
mkdirSync(records, { recursive: true });
const record = join(records, `${hashOf(['src', 'machines', 'test/model'])}.jsonl`);
const done = new Set(existsSync(record) ? readFileSync(record, 'utf8').split('\n') : []);

let failures = 0;
const totals = { real: 0, weak: 0 };
const queue = Object.entries(kinds).flatMap(batchesOf)[Symbol.iterator]();
await Promise.all(Array.from({ length: Number(values.jobs) }, work));
console.log(
  `real repositories: ${totals.real} runs, disk that forgets: ${totals.weak} runs, ${failures} failed batches`,
);
process.exitCode = failures > 0 ? 1 : 0;

async function work() {
  for (const one of queue) {
    const { kind, runs, seed } = one;
    const line = JSON.stringify(one);
    const isKnown = done.has(line);
    const { code, output } = isKnown ? { code: 0 } : await run(one);
    if (code === 0) {
      totals[kind] += runs;
      if (!isKnown) appendFileSync(record, `${line}\n`);
      console.log(
        `${new Date().toISOString()} ${kind}: ${totals[kind]} of ${kinds[kind].total}${isKnown ? ', known' : ''}`,
      );
      continue;
    }
    failures += 1;
    const again = `${kinds[kind].variable}=${runs} MOULT_MODEL_SEED=${seed} npx vitest run test/model/${kind}`;
    console.log(`FAILED ${kind}, again: ${again}\n${output}`);
  }
}

function run({ kind, runs, seed }) {
  const env = {
    ...process.env,
    NO_COLOR: '1',
    [kinds[kind].variable]: String(runs),
    MOULT_MODEL_SEED: String(seed),
  };
  const child = spawn(process.execPath, [vitest, 'run', `test/model/${kind}`], { cwd: project, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

function batchesOf([kind, { total, batch }]) {
  return Array.from({ length: Math.ceil(total / batch) }, (_, index) => ({
    kind,
    runs: Math.min(batch, total - index * batch),
    seed: Number(values.seed) * 1_000_003 + index,
  }));
}

function hashOf(folders) {
  const hash = createHash('sha256');
  for (const folder of folders)
    for (const entry of readdirSync(join(project, folder), { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath ?? one.path, one.name))
      .sort())
      hash.update(entry).update('\0').update(readFileSync(entry));
  return hash.digest('hex').slice(0, 16);
}
