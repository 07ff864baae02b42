// Processes that fight for one project: never two at work, never stuck, a living one never robbed.
// usage: node test/crash/lock-fights.mjs [--sample] [--points N] [--seed S] [--only FIGHT:N@SEED]
//   --sample   a seeded share (default 40 fights, not those with whole improvements); --only one, as a failure names it
import { execFileSync, fork } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'tsup';
import { isAlive, processState, startTimeOf } from './is-alive.mjs';
import { makeProject } from './make-project.mjs';
import { runDriver } from './run-driver.mjs';
import { seededRandom } from './seeded-random.mjs';

const { values: options } = parseArgs({
  options: {
    sample: { type: 'boolean', default: false },
    points: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    engine: { type: 'string', default: new URL('../../dist/index.js', import.meta.url).href },
    testing: { type: 'string', default: new URL('../../dist/testing/index.js', import.meta.url).href },
  },
});
if (process.platform !== 'linux') {
  console.log(
    'lock fights: skipped: freezing and finding processes is done over /proc, so they run on Linux only',
  );
  process.exit(0);
}
const source = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const { SelfImprovementService } = await import(options.engine);
const { manifest, diffManifests } = await import(options.testing);
const base = await mkdtemp(join(tmpdir(), 'moult-lock-'));
const lockModule = await bundleLock();
const { ownIdentity } = await import(lockModule);
const pool = [];
const tally = {};
let points = 0;
let failures = 0;

/** Each takes the number of contenders, the project, and random numbers; throws where something is wrong. */
const fights = {
  /** All at once, until each has had its turns. */
  race: async (count, directory) => {
    const turns = count > 10 ? 1 : 4;
    const fighters = await some(count);
    const answers = await all(fighters, { order: 'fight', directory, turns, holdMs: 2, patienceMs: 60_000 });
    for (const { tokens, codes, message } of answers) {
      assert(!message, message);
      assert(tokens.length === turns, `stuck: one got ${tokens.length} of ${turns} turns`);
      assert(
        Object.keys(codes).every((code) => code === 'LOCK_HELD'),
        `was told ${JSON.stringify(codes)}`,
      );
    }
    requireGrowing(directory, count * turns);
  },
  /** Now one, now another is killed, most of them in the middle of taking, holding or releasing it. */
  killed: async (count, directory, random) => {
    const fighters = await some(count);
    const answers = all(fighters, { order: 'fight', directory, turns: 1000, holdMs: 3, patienceMs: 250 });
    for (const victim of fighters.slice(1)) {
      await sleep(random() * (200 / count));
      victim.child.kill('SIGKILL');
    }
    for (const { message } of await answers) assert(!message || message === 'gone', message);
    const [{ tokens, message }] = await all(await some(1), {
      ...{ order: 'fight', directory, turns: 1, holdMs: 0, patienceMs: 5000 },
    });
    assert(!message && tokens.length === 1, `stuck after the kills: ${message}`);
    requireGrowing(directory);
  },
  /** Frozen and thawed at any moment, the taking and the tidying of the lock included. */
  stalled: async (count, directory, random) => {
    const fighters = await some(count);
    const turns = count > 10 ? 2 : 8;
    const order = { order: 'fight', directory, turns, holdMs: 1, patienceMs: 120_000, pauseMs: count };
    const answers = all(fighters, order);
    let over = false;
    void answers.then(() => (over = true));
    for (let freeze = 0; freeze < 30 && !over; freeze += 1) {
      const { child } = fighters[Math.floor(random() * count)];
      child.kill('SIGSTOP');
      await sleep(random() * 8);
      child.kill('SIGCONT');
      await sleep(random() * 2);
    }
    for (const { tokens, message } of await answers)
      assert(!message && tokens.length === turns, `stuck or worse: ${message ?? tokens.length}`);
    requireGrowing(directory, count * turns);
  },
  /** A frozen holder lives: nobody gets in. When it is killed as it stands there, somebody does. */
  frozen: async (count, directory, random) => {
    const [holder, ...others] = await some(count);
    await ask(holder, { order: 'hold', directory });
    holder.child.kill('SIGSTOP');
    await until(() => processState(holder.child.pid) === 'T');
    await sleep(random() * 5);
    for (const { code } of await all(others, { order: 'attempt', directory, takeOverForeign: true }))
      assert(code === 'LOCK_HELD', `a frozen holder was robbed, or the wrong thing said: ${code}`);
    holder.child.kill('SIGKILL');
    await until(() => !isAlive(holder.child.pid));
    const answers = await all(others, { order: 'fight', directory, turns: 1, holdMs: 1, patienceMs: 10_000 });
    for (const { tokens, message } of answers) assert(!message && tokens.length === 1, `stuck: ${message}`);
  },
  /** Frozen, declared gone by a person, and thawed: it finds that out before its next write. */
  thawed: async (_, directory) => {
    const [old, next] = await some(2);
    await ask(old, { order: 'hold', directory });
    await ask(old, { order: 'write', directory });
    old.child.kill('SIGSTOP');
    await until(() => processState(old.child.pid) === 'T');
    rewriteHolder(directory, { host: 'elsewhere' });
    const refused = await ask(next, { order: 'hold', directory });
    assert(refused.code === 'LOCK_FOREIGN', `taken from elsewhere without a command: ${refused.code}`);
    const taken = await ask(next, { order: 'hold', directory, takeOverForeign: true });
    assert(taken.token > 1, 'not taken over');
    old.child.kill('SIGCONT');
    const [write] = await Promise.all([
      ask(old, { order: 'write', directory }),
      ask(next, { order: 'write', directory }),
    ]);
    assert(write.code === 'LOCK_LOST', `the old holder was not told: ${JSON.stringify(write)}`);
    const written = readFileSync(join(directory, 'written'), 'utf8').trim().split('\n').map(Number);
    assert(
      String(written) === String([old.child.pid, next.child.pid]),
      'something else than one write of each was written',
    );
    await ask(old, { order: 'release' });
    const third = (await some(1, [old, next]))[0];
    const attempt = await ask(third, { order: 'attempt', directory });
    assert(attempt.code === 'LOCK_HELD', 'the release of the old holder freed the lock of the new one');
    await ask(next, { order: 'release' });
  },
  /** A lock from before a reboot, though its very pid and start time live. */
  rebooted: (count, directory) => takenByOne(count, directory, { bootId: 'an-earlier-boot' }),
  /** The pid of the holder belongs to another process now: to us, to init, to a contender. */
  reused: async (count, directory, random) => {
    const fighters = await some(count);
    const pid = [process.pid, 1, fighters[0].child.pid][Math.floor(random() * 3)];
    await takenByOne(count, directory, { pid, startTime: '1' });
  },
  /** A living holder, known by its own start time, is left alone. */
  living: async (count, directory) => {
    writeHolder(directory, { startTime: startTimeOf(process.pid) });
    for (const { code } of await all(await some(count), {
      order: 'attempt',
      directory,
      takeOverForeign: true,
    }))
      assert(code === 'LOCK_HELD', `a living holder was robbed: ${code}`);
  },
  /** Another host's is taken only on command, and then by one at a time. */
  foreign: async (count, directory) => {
    writeHolder(directory, { host: 'another-machine' });
    const fighters = await some(count);
    for (const { code } of await all(fighters, { order: 'attempt', directory }))
      assert(code === 'LOCK_FOREIGN', `taken without a command: ${code}`);
    const answers = await all(fighters, { order: 'attempt', directory, takeOverForeign: true });
    for (const { code, message } of answers)
      assert(code === undefined || code === 'LOCK_HELD', `${code} ${message}`);
    assert(
      answers.some(({ token }) => token),
      'nobody took it over',
    );
  },
  /** Cut off by a power loss, amid the leftovers of hundreds of claims. */
  littered: async (count, directory, random) => {
    const text = ['', '{"pid":', 'released', '\0'.repeat(200)][Math.floor(random() * 4)];
    writeFileSync(join(directory, 'lock', '41'), text);
    for (let n = 0; n < 700; n += 1) writeFileSync(join(directory, 'lock', `claim.left-over-by-${n}`), '');
    await fights.race(count, directory, random);
  },
  /** Whole improvements, each of its own file, started at once. */
  improvements: async (count, directory) => {
    const root = join(directory, 'project');
    await makeProject(root, { git: true });
    const files = Array.from({ length: count }, (_, n) => `fight-${n}.txt`);
    await Promise.all(files.map((file) => improveUntilDone(directory, root, file, count * 50)));
    for (const file of files)
      assert(readFileSync(join(root, file), 'utf8') === file, `${file} is not as planned`);
    const tasks = await new SelfImprovementService(root, { config: {}, logger: quiet }).listImprovements();
    const completed = tasks.filter(({ status }) => status === 'completed').length;
    assert(completed === count, `${completed} of ${count} are completed`);
  },
  /** A whole improvement frozen at an event of its progress, taken over, and thawed: it writes nothing any more. */
  superseded: async (event, directory) => {
    const root = join(directory, 'project');
    await makeProject(root, { git: true });
    const before = await manifest(root);
    const requestFile = requestFor(directory, 'fight.txt');
    let child;
    const options_ = { signal: ['SIGSTOP', event] };
    const ran = runDriver({
      engine: options.engine,
      root,
      requestFile,
      options: options_,
      onStart: (one) => (child = one),
    });
    let over = false;
    void ran.then(() => (over = true));
    await until(() => over || processState(child.pid) === 'T', 20_000);
    if (over) return;
    const state = join(root, '.git', 'moult');
    rewriteHolder(state, { host: 'elsewhere' });
    const next = () => new SelfImprovementService(root, { config: {}, logger: quiet });
    const refused = await next()
      .recover()
      .catch(({ code }) => code);
    const [taken, label] = await takeOver(next(), root, before);
    const found = facts(state);
    child.kill('SIGCONT');
    const { said } = await ran;
    assert(refused === 'LOCK_FOREIGN', `taken from elsewhere without a command: ${JSON.stringify(refused)}`);
    const since = diffManifests(label, await manifest(root), {});
    assert(
      since.length === 0,
      `the old holder wrote after the takeover: ${since.join('; ')}; ${JSON.stringify(said)}`,
    );
    assert(
      facts(state) === found,
      `the old holder wrote the state after the takeover: ${found} -> ${facts(state)}`,
    );
    const completed = said.some(({ status }) => status === 'completed');
    const kept = taken.some(({ result }) => result.status === 'completed');
    assert(!completed || kept, `the old holder says completed: ${JSON.stringify(said)}`);
  },
};

try {
  for (const fight of chosen()) await run(fight);
} finally {
  for (const { child } of pool) child.kill('SIGKILL');
  rmSync(base, { recursive: true, force: true, maxRetries: 20 });
}
for (const [name, count] of Object.entries(tally)) console.log(`${name.padEnd(20)} ${count}`);
console.log(`lock-fights: ${points} points tried, ${failures} failures`);
process.exitCode = failures > 0 ? 1 : 0;

function chosen() {
  if (options.only) {
    const [, name, count, seed] = /^(\w+):(\d+)@(\d+)$/.exec(options.only);
    return [{ name, count: Number(count), seed: Number(seed) }];
  }
  const random = seededRandom(Number(options.seed));
  const often = (times, name, count) =>
    Array.from({ length: times }, () => ({ name, count, seed: Math.floor(random() * 1e9) }));
  const small = ['race', 'killed', 'stalled', 'frozen', 'rebooted', 'reused', 'living', 'foreign'].flatMap(
    (name) => [...often(18, name, 2), ...often(18, name, 5)],
  );
  const all = [...small, ...often(20, 'thawed', 2), ...often(10, 'littered', 5)];
  const crowds = ['race', 'killed', 'stalled', 'frozen', 'rebooted', 'foreign'].flatMap((name) =>
    often(2, name, 50),
  );
  const whole = [
    ...Array.from({ length: 20 }, (_, index) => ({ name: 'superseded', count: index + 1, seed: 0 })),
    ...[2, 2, 5, 5, 50].flatMap((count) => often(1, 'improvements', count)),
  ];
  if (!options.sample) return [...all, ...crowds, ...whole];
  return Array.from({ length: Number(options.points) }, () => all[Math.floor(random() * all.length)]);
}

async function run({ name, count, seed }) {
  const directory = await mkdtemp(join(base, 'fight-'));
  mkdirSync(join(directory, 'lock'));
  points += 1;
  const row = `${name} ${name === 'superseded' ? '' : count}`.trim();
  tally[row] = (tally[row] ?? 0) + 1;
  try {
    await fights[name](count, directory, seededRandom(seed));
    rmSync(directory, { recursive: true });
  } catch (error) {
    failures += 1;
    console.log(`FAILED ${name}:${count}@${seed}\n  ${error.stack}\n  lock: ${listing(directory)}`);
    console.log(`  again: node test/crash/lock-fights.mjs --only ${name}:${count}@${seed}`);
  }
}

function listing(directory) {
  return readdirSync(join(directory, 'lock')).slice(0, 12).join(' ');
}

/** That many contenders that are ready, and not those named. */
async function some(count, except = []) {
  const free = pool.filter(
    ({ child }) => child.exitCode === null && child.signalCode === null && child.connected,
  );
  pool.splice(0, pool.length, ...free);
  const chosen = pool.filter((one) => !except.includes(one) && !one.child.killed).slice(0, count);
  const fresh = await Promise.all(Array.from({ length: count - chosen.length }, start));
  pool.push(...fresh);
  return [...chosen, ...fresh];
}

function start() {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('lock-fighter.mjs', import.meta.url)), [lockModule], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.once('error', reject);
    child.once('message', () => resolve({ child }));
  });
}

function all(fighters, order) {
  return Promise.all(fighters.map((fighter) => ask(fighter, order)));
}

function ask({ child }, order) {
  return new Promise((resolve) => {
    const gone = () => answer({ message: 'gone' });
    const answer = (said) => {
      child.off('message', answer);
      child.off('exit', gone);
      resolve(said);
    };
    child.on('message', answer);
    child.on('exit', gone);
    child.send(order);
  });
}

/** All find a dead holder at once; each gets its turn, one at a time. */
async function takenByOne(count, directory, change) {
  writeHolder(directory, change);
  const answers = await all(await some(count), {
    order: 'fight',
    directory,
    turns: 1,
    holdMs: 2,
    patienceMs: 60_000,
  });
  for (const { tokens, message } of answers) assert(!message && tokens.length === 1, `stuck: ${message}`);
  requireGrowing(directory, count);
}

/** In the order in which they were inside, no token twice. */
function requireGrowing(directory, count) {
  const tokens = readFileSync(join(directory, 'tokens'), 'utf8').trim().split('\n').map(Number);
  assert(
    tokens.every((token, index) => index === 0 || token > tokens[index - 1]),
    `tokens: ${tokens}`,
  );
  if (count) assert(tokens.length === count, `${tokens.length} were inside, not ${count}`);
}

function writeHolder(directory, change) {
  const holder = { ...ownIdentity(), since: new Date().toISOString(), ...change };
  writeFileSync(join(directory, 'lock', '7'), JSON.stringify(holder));
}

function rewriteHolder(directory, change) {
  const folder = join(directory, 'lock');
  const highest = Math.max(
    ...readdirSync(folder)
      .map(Number)
      .filter((number) => number > 0),
  );
  const file = join(folder, String(highest));
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...change }));
}

async function takeOver(service, root, before) {
  const taken = await service.recover({ takeOverLock: true });
  const tree = await manifest(root);
  const kept = taken.some(({ result }) => result.status === 'completed');
  const wrong = kept ? [] : diffManifests(before, tree, {}).filter((line) => !line.startsWith('.moult'));
  assert(wrong.length === 0, `not as before after the takeover: ${wrong.join('; ')}`);
  return [taken, tree];
}

/** What the state says of the tasks, as text. */
function facts(state) {
  return execFileSync(
    'sh',
    ['-c', 'cat tasks/*/snapshot.json tasks/*/journal.log; ls active lock | grep -v spare'],
    {
      cwd: state,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
}

async function improveUntilDone(directory, root, file, pauseMs) {
  const requestFile = requestFor(directory, file);
  const deadline = performance.now() + 600_000;
  for (;;) {
    const { said, stderr } = await runDriver({ engine: options.engine, root, requestFile });
    const last = said.at(-1);
    if (last?.status === 'completed') return;
    const mayHappen = ['LOCK_HELD', 'TASK_ACTIVE', 'TASK_FINISHED', 'TASK_WRONG_STATE'].includes(last?.threw);
    assert(mayHappen, `${file}: ${JSON.stringify(last)} ${stderr}`);
    assert(performance.now() < deadline, `${file} was never let in: ${JSON.stringify(said)}`);
    // Its plan may wait for its turn; then it is the plan, and not the lock, that is in the way of the others.
    if (said[0]?.planned) await executeUntilDone(root, said[0].planned, deadline);
    if (said[0]?.planned) return;
    await sleep(50 + Math.random() * pauseMs);
  }
}

async function executeUntilDone(root, taskId, deadline) {
  for (;;) {
    // The configuration of run-request.mjs: a plan is executed only under the one that it was made under.
    const checks = [{ name: 'check', type: 'custom', command: 'true', required: true }];
    const config = { checks, restartTriggers: [] };
    const service = new SelfImprovementService(root, { config, logger: quiet });
    const ended = await service.executeImprovement(taskId).catch((error) => error);
    if (ended.status === 'completed') return;
    assert(
      ended.code === 'LOCK_HELD',
      `${taskId}: ${ended.code ?? ended.status} ${ended.message ?? ended.error}`,
    );
    assert(performance.now() < deadline, `${taskId} was never let in`);
    await sleep(20 + Math.random() * 50);
  }
}

function requestFor(directory, file) {
  const request = {
    description: file,
    targetFiles: [],
    requiresRestart: false,
    changes: [{ file, type: 'create', content: file }],
  };
  const requestFile = join(directory, `${file}.json`);
  writeFileSync(requestFile, JSON.stringify(request));
  return requestFile;
}

async function until(holds, patienceMs = 10_000) {
  const deadline = performance.now() + patienceMs;
  while (!holds()) {
    assert(performance.now() < deadline, 'what was waited for did not come');
    await sleep(1);
  }
}

function assert(holds, what) {
  if (!holds) throw new Error(what);
}

/** The lock is no part of the package's interface, so it is bundled for this, with the file system it works on. */
async function bundleLock() {
  const entry = join(base, 'lock.ts');
  const from = (name, path) => `export { ${name} } from ${JSON.stringify(source(path))};\n`;
  writeFileSync(
    entry,
    from('Lock', 'src/store/lock.ts') +
      from('nodeFileSystem', 'src/ports/node-file-system.ts') +
      from('ownIdentity', 'src/process/process-identity.ts'),
  );
  await build({
    ...{
      entry: { lock: entry },
      outDir: join(base, 'bundle'),
      format: 'esm',
      target: 'node20',
      platform: 'node',
    },
    ...{ config: false, dts: false, clean: false, silent: true, noExternal: [/./] },
    outExtension: () => ({ js: '.mjs' }),
  });
  return pathToFileURL(join(base, 'bundle', 'lock.mjs')).href;
}
