// Power loss: whole improvements on an ext4 whose disk is recorded, the disk as it can look after a cut at any moment, and
// recovery on it. Needs root, FUSE and loop devices.
// usage: node test/crash/power-cut.mjs [--sample] [--points N] [--seed S] [--jobs J] [--subsets K] [--only CUT]
//          [--recordings A,B] [--until-failure]
//   At each flush: everything up to it; then, K times, a random part of what was written after it, in any order and torn at
//   512 bytes, and once a part in order.
//   --sample tries N images (default 24) of all; --only is one, as a failure names it: git/completed@120:subset1
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleEngine } from './bundle-engine.mjs';
import { bulkyRequest, makeBulkyProject } from './bulky-workload.mjs';
import { fastDirectory } from './fast-directory.mjs';
import { inJobs } from './in-jobs.mjs';
import { buildRecorder, mountOptions, record, sh } from './recorded-disk.mjs';
import { runDriver } from './run-driver.mjs';
import { seededRandom } from './seeded-random.mjs';
import { unmountAtExit } from './unmount-at-exit.mjs';

const { values: options } = parseArgs({
  options: {
    sample: { type: 'boolean', default: false },
    points: { type: 'string', default: '24' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
    subsets: { type: 'string', default: '1' },
    only: { type: 'string' },
    recordings: {
      type: 'string',
      default: 'git/completed,git/rolled_back,plain/completed,plain/rolled_back',
    },
    'until-failure': { type: 'boolean', default: false },
    engine: { type: 'string', default: new URL('../../dist/index.js', import.meta.url).href },
    testing: { type: 'string', default: new URL('../../dist/testing/index.js', import.meta.url).href },
  },
});
const sizeMiB = 20;
const sectorBytes = 512;
const checks = { completed: 'true', rolled_back: 'false' };
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

const { binary, why } = buildRecorder();
if (!binary) {
  console.log(`power cut: skipped: ${why}`);
  process.exit(0);
}
const { manifest, diffManifests } = await import(options.testing);
const directory = await fastDirectory('moult-cut-');
unmountAtExit(directory);
const engine = await bundleEngine(options.engine, join(directory, 'engine.mjs'));
const { SelfImprovementService } = await import(engine);
const requestFile = join(directory, 'request.json');
writeFileSync(requestFile, JSON.stringify(bulkyRequest(0.3)));
const tally = {};
const seen = new Set();
let points = 0;
let failures = 0;

try {
  const recordings = {};
  for (const name of options.recordings.split(','))
    if (!options.only || options.only.startsWith(`${name}@`)) recordings[name] = await recordingOf(name);
  await inJobs(Number(options.jobs), chosen(recordings), (cut) => tryCut(recordings[cut.name], cut));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
for (const [name, count] of Object.entries(tally).sort()) console.log(`${name.padEnd(44)} ${count}`);
console.log(`power-cut: ${points} points tried, ${failures} failures`);
process.exitCode = failures > 0 ? 1 : 0;

/** One undisturbed run, with every write of it, and the project before and after. */
async function recordingOf(name) {
  const [kind, end] = name.split('/');
  const place = join(directory, name.replace('/', '-'));
  mkdirSync(place);
  const facts = { name, end };
  const { base, events } = await record({
    ...{ binary, directory: place, sizeMiB },
    prepare: async (mounted) => {
      await makeBulkyProject(join(mounted, 'project'), { git: kind === 'git' });
      facts.before = await manifest(join(mounted, 'project'));
    },
    work: async ({ mounted, note }) => {
      const root = join(mounted, 'project');
      const ran = await runDriver({
        engine,
        root,
        requestFile,
        options: { check: checks[end], note },
      });
      if (ran.said.at(-1)?.status !== end) throw new Error(`${name}: ${JSON.stringify(ran)}`);
      facts.after = await manifest(root);
    },
  });
  const marks = events.map(({ kind, bytes }, at) => ({
    at,
    said: kind === 'mark' ? JSON.parse(bytes) : null,
  }));
  const at = (word) => marks.find(({ said }) => said === word).at;
  const flushes = marks
    .map(({ at }) => at)
    .filter((one) => events[one].kind === 'flush' && one > at('start'));
  const told = marks.filter(({ said }) => said?.planned ?? said?.status);
  const writes = events.filter((event, one) => event.kind === 'write' && one > at('start')).length;
  console.log(
    `${name}: ${writes} block writes, ${flushes.length} flushes, ${flushes.filter((one) => one < told.at(-1).at).length} of them before it said how it ended`,
  );
  return { ...facts, base, events, start: at('start'), end_: at('synced'), flushes, told };
}

function chosen(recordings) {
  const all = Object.values(recordings).flatMap(({ name, start, end_, flushes }) =>
    [start, ...flushes].flatMap((from, index) => {
      // The log from one flush to the next; what is in between can be lost, and what is before cannot.
      const until = flushes[index] ?? end_;
      return cutsAt(name, from, until);
    }),
  );
  if (options.only) {
    const wanted = all.filter((cut) => nameOf(cut) === options.only);
    if (wanted.length === 0)
      throw new Error(`There is no ${options.only}; see the recorded numbers of flushes`);
    return wanted;
  }
  if (!options.sample) return all;
  const random = seededRandom(Number(options.seed));
  return Array.from({ length: Number(options.points) }, () => all[Math.floor(random() * all.length)]);
}

function cutsAt(name, from, until) {
  const subsets = Array.from({ length: Number(options.subsets) }, (_, index) => `subset${index + 1}`);
  return ['flushed', 'ordered', ...subsets].map((how) => ({ name, from, until, how }));
}

function nameOf({ name, from, how }) {
  return `${name}@${from}:${how}`;
}

/** The disk as it was at the flush, and of what came after it whatever the power loss left. */
function imageOf({ base, events }, { from, until, how }) {
  const image = Buffer.from(base);
  const write = ({ bytes, offset }, length = bytes.length) => bytes.copy(image, offset, 0, length);
  for (const event of events.slice(0, from + 1)) if (event.kind === 'write') write(event);
  if (how === 'flushed') return { image, reached: from };
  const random = seededRandom(Number(options.seed) * 7919 + from * 31 + Number(how.slice(6) || 0));
  const torn = (event) =>
    write(event, sectorBytes * Math.floor((random() * event.bytes.length) / sectorBytes));
  const open = events.slice(from + 1, until).filter(({ kind }) => kind === 'write');
  if (how === 'ordered') {
    const kept = Math.floor(random() * (open.length + 1));
    open.slice(0, kept).forEach((event) => write(event));
    if (open[kept]) torn(open[kept]);
  } else {
    const odds = random();
    for (const event of open) {
      if (random() < odds) continue;
      if (random() < 0.15) torn(event);
      else write(event);
    }
  }
  return { image, reached: from };
}

async function tryCut(recording, cut) {
  if (options['until-failure'] && failures > 0) return;
  const { image, reached } = imageOf(recording, cut);
  const told = recording.told.filter(({ at }) => at <= reached).map(({ said }) => said);
  // The same disk with the same promises was judged already.
  const digest = createHash('sha1').update(image).update(JSON.stringify(told)).digest('hex');
  if (seen.has(digest)) return;
  seen.add(digest);
  points += 1;
  const problems = [];
  const label = await judge(recording, image, told, problems);
  const row = `${recording.name} told ${told.map(({ status }) => status ?? 'planned').join() || 'nothing'}: ${label}`;
  tally[row] = (tally[row] ?? 0) + 1;
  if (problems.length === 0) return;
  failures += 1;
  console.log(`FAILED ${nameOf(cut)}\n  ${problems.join('\n  ')}`);
  console.log(`  again: node test/crash/power-cut.mjs --seed ${options.seed} --only ${nameOf(cut)}`);
  console.log(
    '  (the numbers are those of one recording: another run of the kernel may need another number nearby)',
  );
}

async function judge(recording, image, told, problems) {
  const place = await mkdtemp(join(directory, 'cut-'));
  const [file, mounted] = [join(place, 'image'), join(place, 'mounted')];
  mkdirSync(mounted);
  writeFileSync(file, image);
  try {
    sh(`mount -o 'loop,${mountOptions}' '${file}' '${mounted}'`);
    try {
      return await judgeTree(recording, join(mounted, 'project'), told, problems);
    } finally {
      sh(`umount '${mounted}'`);
      sh(`e2fsck -fn '${file}'`);
    }
  } catch (error) {
    problems.push(`the file system itself is broken: ${error.message} ${error.stdout ?? ''}`);
    return 'broken';
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

async function judgeTree({ before, after, end }, root, told, problems) {
  const recovered = await recover(root, problems);
  const tasks = await requireKept(root, told, problems);
  const tree = await manifest(root);
  const ignore = ['.moult'];
  const toBefore = diffManifests(before, tree, { ignore });
  const toAfter = end === 'completed' ? diffManifests(after, tree, { ignore }) : toBefore;
  const label = toBefore.length === 0 ? 'before' : toAfter.length === 0 ? 'after' : 'mixed';
  if (label === 'mixed')
    problems.push(
      ...toBefore.slice(0, 5).map((line) => `not as before: ${line}`),
      ...toAfter.slice(0, 5).map((line) => `not as after: ${line}`),
    );
  const completed = [...told, ...recovered, ...tasks].some(({ status }) => status === 'completed');
  if (label === (completed ? 'before' : 'after'))
    problems.push(
      `the files are ${label}, but ${JSON.stringify([...told, ...tasks].map(({ status }) => status))}`,
    );
  return label;
}

async function recover(root, problems) {
  try {
    const recovered = await new SelfImprovementService(root, { config: {}, logger: quiet }).recover();
    return recovered.map(({ result }) => result);
  } catch (error) {
    problems.push(`recovery threw ${error.code ?? ''} ${error.stack}`);
    return [];
  }
}

/** What was acknowledged before the cut is still known, and the next improvement is not kept from being planned. */
async function requireKept(root, told, problems) {
  const service = new SelfImprovementService(root, { config: {}, logger: quiet });
  try {
    const tasks = await service.listImprovements();
    const planned = told.find((said) => said.planned)?.planned;
    const ended = told.find(({ status }) => status)?.status;
    const found = tasks.find(({ taskId }) => taskId === planned);
    if (planned && !found) problems.push('the acknowledged plan is gone');
    if (ended && found?.status !== ended)
      problems.push(`${ended} was acknowledged; it is ${found?.status} now`);
    for (const { taskId, status } of tasks) {
      if (status === 'planning') await service.cancelImprovement(taskId);
      else if (!['completed', 'rolled_back', 'cancelled'].includes(status))
        problems.push(`${taskId} is left ${status}`);
    }
    const changes = [{ file: 'next.txt', type: 'create', content: 'next' }];
    await service.planImprovement({ description: 'next', targetFiles: [], changes, requiresRestart: false });
    await service.cancelImprovement();
    return tasks;
  } catch (error) {
    problems.push(`unusable afterwards: ${error.code ?? ''} ${error.stack}`);
    return [];
  }
}
