// Fault injection at every file-changing system call of whole improvements. See docs/guarantees.md.
// usage: npm run test:crash -- [--sample] [--points N] [--seed S] [--jobs J] [--modes a,b] [--workload NAME]
//          [--stride K] [--from SHARE] [--resume FILE] [--only MODE@N[/K]] [--keep] [--until-failure]
//   --sample   a seeded choice of points over all workloads and modes (default 200 points)
//   --from     begins at that share of each run: 0.5 for its second half
//   --only     runs one point, as a failure names it, with --workload
//   --until-failure  stops at the first failure
//   --resume   notes finished points in FILE and skips those that are there
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CrashPoints } from './crash-point.mjs';
import { buildInjector } from './injector.mjs';
import { modes } from './modes.mjs';
import { seededRandom } from './seeded-random.mjs';
import { allWorkloads, workloadNamed } from './workloads.mjs';

const { values: options } = parseArgs({
  options: {
    sample: { type: 'boolean', default: false },
    points: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
    modes: { type: 'string', default: Object.keys(modes).join(',') },
    workload: { type: 'string' },
    stride: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    resume: { type: 'string' },
    only: { type: 'string' },
    keep: { type: 'boolean', default: false },
    'until-failure': { type: 'boolean', default: false },
    engine: { type: 'string', default: new URL('../../dist/index.js', import.meta.url).href },
    testing: { type: 'string', default: new URL('../../dist/testing/index.js', import.meta.url).href },
  },
});

const injector = buildInjector();
if (!injector.binary) {
  console.log(`crash campaign skipped: ${injector.why}`);
  process.exit(0);
}
const points = new CrashPoints({
  engine: options.engine,
  testing: options.testing,
  binary: injector.binary,
  keep: options.keep,
});
await points.start();
const startedAt = performance.now();
const tally = {};
const failures = [];
const done = new Set(
  options.resume && existsSync(options.resume) ? readFileSync(options.resume, 'utf8').split('\n') : [],
);

try {
  const queue = chosen();
  await Promise.all(Array.from({ length: Number(options.jobs) }, () => work(queue)));
} finally {
  points.stop();
}
report();
process.exitCode = failures.length > 0 ? 1 : 0;

function chosen() {
  if (options.only) return onePoint();
  return options.sample ? sample(Number(options.points), Number(options.seed)) : everyPoint();
}

async function work(queue) {
  for (;;) {
    const { value: point, done: empty } = await queue.next();
    if (empty || (options['until-failure'] && failures.length > 0)) return;
    await runPoint(point);
  }
}

async function runPoint({ workload, mode, n, k = 0 }) {
  const name = `${workload.name} ${mode}@${n}${k ? `/${k}` : ''}`;
  if (done.has(name)) return true;
  const result = await points.run(workload, mode, n, k);
  if (result === null) return false;
  const row = (tally[mode] ??= { points: 0, failures: 0, labels: {} });
  row.points += 1;
  row.labels[result.label] = (row.labels[result.label] ?? 0) + 1;
  if (result.problems.length > 0) {
    row.failures += 1;
    failures.push(name);
    console.log(`FAILED ${name} at ${result.operation}\n  ${result.problems.join('\n  ')}`);
    console.log(
      `  again: npm run test:crash -- --workload '${workload.name}' --only ${mode}@${n}${k ? `/${k}` : ''} --keep`,
    );
  }
  if (options.resume) appendFileSync(options.resume, `${name}\n`);
  return true;
}

async function* onePoint() {
  const [, mode, n, k] = /^([\w-]+)@(\d+)(?:\/(\d+))?$/.exec(options.only);
  yield { workload: workloadNamed(options.workload), mode, n: Number(n), k: Number(k ?? 0) };
}

async function* everyPoint() {
  const workloads = options.workload ? [workloadNamed(options.workload)] : allWorkloads();
  for (const workload of workloads) {
    for (const mode of options.modes.split(',')) {
      const numbers = await points.numbersFor(workload, mode);
      const first = Math.floor(numbers.length * Number(options.from));
      for (let at = first; at < numbers.length; at += Number(options.stride)) {
        const n = numbers[at];
        if (mode !== 'double') yield { workload, mode, n };
        else for (let k = 1; k <= 80; k += 4) yield { workload, mode, n, k };
      }
    }
  }
}

/** Seeded, so that a failure can be had again; every mode gets its share. */
async function* sample(count, seed) {
  const random = seededRandom(seed);
  const pick = (items) => items[Math.floor(random() * items.length)];
  const workloads = options.workload ? [workloadNamed(options.workload)] : allWorkloads();
  const names = options.modes.split(',');
  // A handful of workloads, because the first point of each costs two runs more.
  const few = Array.from({ length: Math.max(6, Math.ceil(count / 32)) }, () => pick(workloads));
  for (let index = 0; index < count; index += 1) {
    const mode = names[index % names.length];
    const workload = pick(few);
    const n = pick(await points.numbersFor(workload, mode));
    yield { workload, mode, n, k: mode === 'double' ? 1 + Math.floor(random() * random() * 40) : 0 };
  }
}

function report() {
  const total = Object.values(tally).reduce((sum, row) => sum + row.points, 0);
  for (const [mode, row] of Object.entries(tally)) {
    console.log(
      `${mode.padEnd(16)} points ${String(row.points).padStart(6)}  failures ${row.failures}  ${JSON.stringify(row.labels)}`,
    );
  }
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `seed ${options.seed}: ${total} points tried, ${failures.length} failures, ${seconds.toFixed(0)} s`,
  );
}
