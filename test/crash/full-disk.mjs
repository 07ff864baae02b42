// A disk that really is full: an improvement on a tmpfs of every size in 4 KiB steps, from one that just holds the project
// to one on which it completes. Needs root, for mount.
// usage: node test/crash/full-disk.mjs [--sample] [--points N] [--seed S] [--jobs J] [--only CASE]
//   alone    the improvement runs on the small disk
//   killed   it is killed on the way, the rest of the disk is filled, and recovery has to manage without a free byte
//   failing  its check fails and fills the rest of the disk, so that the rollback has to manage without
//   --sample tries N points (default 30) of all; --only is one, as a failure names it: git:killed:1234@7
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bulkyRequest, makeBulkyProject } from './bulky-workload.mjs';
import { inJobs } from './in-jobs.mjs';
import { runDriver } from './run-driver.mjs';
import { seededRandom } from './seeded-random.mjs';
import { unmountAtExit } from './unmount-at-exit.mjs';

const { values: options } = parseArgs({
  options: {
    sample: { type: 'boolean', default: false },
    points: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
    only: { type: 'string' },
    engine: { type: 'string', default: new URL('../../dist/index.js', import.meta.url).href },
    testing: { type: 'string', default: new URL('../../dist/testing/index.js', import.meta.url).href },
  },
});
const stepKib = 4;
const cases = ['alone', 'killed', 'failing'];
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const { SelfImprovementService } = await import(options.engine);
const { manifest, diffManifests } = await import(options.testing);
const directory = await mkdtemp(join(tmpdir(), 'moult-full-'));
unmountAtExit(directory);
const tally = {};
const sizes = new Set();
let points = 0;
let failures = 0;

const why = whyNot();
if (why) {
  rmSync(directory, { recursive: true });
  console.log(`full disk: skipped: ${why}`);
  process.exit(0);
}
const requestFile = join(directory, 'request.json');
writeFileSync(requestFile, JSON.stringify(bulkyRequest()));
try {
  const projects = {};
  const kinds = ['git', 'plain'].filter((kind) => !options.only || options.only.startsWith(`${kind}:`));
  for (const kind of kinds) projects[kind] = await measure(kind);
  await inJobs(Number(options.jobs), chosen(projects), (point) => tryPoint(projects[point.kind], point));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
for (const [name, count] of Object.entries(tally).sort()) console.log(`${name.padEnd(40)} ${count}`);
console.log(`full disk: ${sizes.size} sizes, seed ${options.seed}`);
console.log(`full-disk: ${points} points tried, ${failures} failures`);
process.exitCode = failures > 0 ? 1 : 0;

function whyNot() {
  if (process.platform !== 'linux') return 'it mounts a tmpfs, so it runs on Linux only';
  if (process.getuid() !== 0) return 'it mounts a tmpfs, so it needs root';
  const probe = join(directory, 'probe');
  try {
    mount(probe, 64);
  } catch (error) {
    return `a tmpfs cannot be mounted here: ${error.message}`;
  }
  unmount(probe);
  return null;
}

/** What a project is before and after, the smallest disk that holds it, and the smallest on which all goes well. */
async function measure(kind) {
  const template = join(directory, kind);
  await makeBulkyProject(template, { git: kind === 'git' });
  const project = { kind, template, before: await manifest(template) };
  const roomy = await onDisk(project, 64 * 1024, async ({ root }) => {
    const { said } = await runDriver({ engine: options.engine, root, requestFile, options: { count: true } });
    if (!said.some(({ status }) => status === 'completed'))
      throw new Error(`${kind}: not completed on a roomy disk: ${JSON.stringify(said)}`);
    return { after: await manifest(root), events: said.find(({ events }) => events).events };
  });
  Object.assign(project, roomy);
  if (options.only) return project;
  project.lowest = await smallest(stepKib, 8192, (size) => onDisk(project, size, () => true));
  project.highest = await smallest(project.lowest, 16384, async (size) => {
    const done = await onDisk(project, size, ({ root }) =>
      runDriver({ engine: options.engine, root, requestFile }),
    );
    return done !== null && done.said.some(({ status }) => status === 'completed');
  });
  console.log(
    `${kind}: the project takes ${project.lowest} KiB, the improvement needs ${project.highest} KiB`,
  );
  return project;
}

/** The smallest multiple of the step at which `fits`. Nearly monotonic is enough: the campaign goes on above it. */
async function smallest(low, high, fits) {
  let [from, to] = [low / stepKib, high / stepKib];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (await fits(middle * stepKib)) to = middle;
    else from = middle + 1;
  }
  return to * stepKib;
}

function chosen(projects) {
  if (options.only) {
    const [, kind, name, size, event] = /^(\w+):(\w+):(\d+)@(\d+)$/.exec(options.only);
    return [{ kind, name, size: Number(size), event: Number(event) }];
  }
  const random = seededRandom(Number(options.seed));
  const all = Object.values(projects).flatMap(({ kind, lowest, highest, events }) =>
    cases.flatMap((name) =>
      range(lowest, highest + 4 * stepKib, name === 'failing' ? 4 * stepKib : stepKib).map((size) => ({
        kind,
        name,
        size,
        event: name === 'killed' ? 1 + Math.floor(random() * events) : 0,
      })),
    ),
  );
  // With room to spare, each event gets its kill: on a small disk most of them are never reached.
  const reached = Object.values(projects).flatMap(({ kind, highest, events }) =>
    range(1, events, 1).map((event) => ({ kind, name: 'killed', size: highest + 16 * stepKib, event })),
  );
  const every = [...all, ...reached];
  if (!options.sample) return every;
  return Array.from({ length: Number(options.points) }, () => every[Math.floor(random() * every.length)]);
}

function range(from, to, step = stepKib) {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

async function tryPoint(project, point) {
  const problems = [];
  const label = await onDisk(project, point.size, (disk) => runPoint(project, point, disk, problems));
  if (label === null) problems.push('the project does not fit');
  points += 1;
  sizes.add(`${point.kind} ${point.size}`);
  const row = `${point.kind} ${point.name}: ${label}`;
  tally[row] = (tally[row] ?? 0) + 1;
  if (problems.length === 0) return;
  failures += 1;
  const name = `${point.kind}:${point.name}:${point.size}@${point.event}`;
  console.log(`FAILED ${name}\n  ${problems.join('\n  ')}`);
  console.log(`  again: node test/crash/full-disk.mjs --only ${name}`);
}

async function runPoint(project, { name, event, size }, { root, filler }, problems) {
  const check = name === 'failing' ? `sh -c "cat /dev/zero > '${filler}'"` : 'true';
  const signal = name === 'killed' ? ['SIGKILL', event] : undefined;
  const ran = await runDriver({ engine: options.engine, root, requestFile, options: { check, signal } });
  const acknowledged = ran.said.find(({ planned }) => planned)?.planned;
  const told = ran.said.map(({ status, threw, planned }) => status ?? threw ?? (planned ? 'planned' : '?'));
  requireHonest(ran, problems);
  let label = told.at(-1) ?? String(ran.signal);
  if (name !== 'killed') await requireLabel(project, root, ran.said, `after ${label}`, problems);
  if (name !== 'failing') fill(filler);
  const full = await recover(root, problems);
  await requireLabel(project, root, [...ran.said, ...full], 'recovered on the full disk', problems);
  label += `, full: ${full.map(({ status, threw }) => status ?? threw).join() || 'nothing'}`;
  rmSync(filler, { force: true });
  execFileSync('mount', ['-o', `remount,size=${size + 4096}k`, join(root, '..')]);
  const freed = await recover(root, problems);
  if (freed.some(({ threw }) => threw))
    problems.push(`recovery threw when there was room: ${freed[0].message}`);
  await requireUsable(root, acknowledged, problems);
  await requireLabel(project, root, [...ran.said, ...full, ...freed], 'recovered with room', problems, {
    links: true,
  });
  return label;
}

/** It said how it ended, unless it was killed; and what it threw has a name and a way out. */
function requireHonest({ said, signal, code, stderr }, problems) {
  const last = said.at(-1);
  if (!last && !signal) problems.push(`it said nothing: exit ${code} ${stderr.slice(0, 500)}`);
  for (const { threw, remedy, message, stack } of said.filter((line) => 'threw' in line))
    if (!threw || !remedy || /^[A-Z]+$/.test(threw))
      problems.push(`threw without code and remedy: ${message} ${stack}`);
  for (const { status, error } of said)
    if (status && status !== 'completed' && !error) problems.push(`ended ${status} without saying why`);
}

async function recover(root, problems) {
  try {
    const recovered = await new SelfImprovementService(root, { config: {}, logger: quiet }).recover();
    return recovered.map(({ result }) => result);
  } catch (error) {
    requireHonest(
      { said: [{ threw: error.code, ...error, message: error.message, stack: error.stack }] },
      problems,
    );
    return [{ threw: error.code, message: error.message }];
  }
}

/** Exactly before or exactly after; after where, and only where, somebody said completed. */
async function requireLabel({ before, after }, root, said, when, problems, { links = false } = {}) {
  // A before-image is a second name of a file, for as long as the task has not come to its end on disk.
  const seen = links ? (tree) => tree : withoutLinks;
  const tree = seen(await manifest(root));
  const ignore = ['.moult'];
  const toBefore = diffManifests(seen(before), tree, { ignore });
  const toAfter = diffManifests(seen(after), tree, { ignore });
  const completed = said.some(({ status }) => status === 'completed');
  const wanted = completed ? toAfter : toBefore;
  if (wanted.length === 0) return;
  const is = toBefore.length === 0 ? 'before' : toAfter.length === 0 ? 'after' : 'mixed';
  problems.push(
    `${when}: the files are ${is}, which ${completed ? 'is not what completed means' : 'nobody called completed'}`,
    ...wanted.slice(0, 4).map((line) => `  ${line}`),
    `  said: ${JSON.stringify(said.map(({ status, threw, message }) => status ?? `${threw} ${message}`))}`,
  );
}

function withoutLinks({ entries, git }) {
  const bare = Object.entries(entries).map(([path, { links: _, ...entry }]) => [path, entry]);
  return { entries: Object.fromEntries(bare), git };
}

async function requireUsable(root, acknowledged, problems) {
  const service = new SelfImprovementService(root, { config: {}, logger: quiet });
  try {
    const tasks = await service.listImprovements();
    if (acknowledged && !tasks.some(({ taskId }) => taskId === acknowledged))
      problems.push('the acknowledged plan is gone');
    for (const { taskId, status } of tasks)
      if (status === 'planning') await service.cancelImprovement(taskId);
    const stuck = (await service.listImprovements()).filter(
      ({ status }) => !['completed', 'rolled_back', 'cancelled'].includes(status),
    );
    for (const { taskId, status } of stuck) problems.push(`${taskId} is left ${status}`);
  } catch (error) {
    problems.push(`unusable afterwards: ${error.code ?? ''} ${error.stack}`);
  }
}

/** @returns null where the disk does not even hold the project. */
async function onDisk({ template }, sizeKib, work) {
  const disk = await mkdtemp(join(directory, 'disk-'));
  mount(disk, sizeKib);
  try {
    const root = join(disk, 'project');
    mkdirSync(root);
    try {
      execFileSync('cp', ['-a', `${template}/.`, root], { stdio: 'ignore' });
    } catch {
      return null;
    }
    return await work({ root, filler: join(disk, 'filler') });
  } finally {
    unmount(disk);
  }
}

function mount(disk, sizeKib) {
  mkdirSync(disk, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeKib}k`, 'moult-full-disk', disk], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

function unmount(disk) {
  execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true });
}

/** Takes every byte that is left. */
function fill(file) {
  const handle = openSync(file, 'w');
  try {
    for (let block = Buffer.alloc(64 * 1024); block.length > 0;) block = taken(handle, block);
  } finally {
    closeSync(handle);
  }
}

function taken(handle, block) {
  try {
    writeSync(handle, block);
    return block;
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error;
    return block.length === 4096 ? Buffer.alloc(0) : Buffer.alloc(4096);
  }
}
