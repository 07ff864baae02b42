// Abuse in full size, which is too much for CI: each case must end bounded, by name, with the project as it was or as
// planned. usage: npm run test:abuse [-- NAME]
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { diffManifests, manifest } from 'moult/testing';

const cli = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const megabyte = 1024 ** 2;
/** What a moult process may need at most: a request of 256 MiB and its text are allowed, and no more than that. */
const mostMemory = 1_024 * megabyte;
/** A log ends at 64 MiB. */
const mostState = 72 * megabyte;

const checked = (command) => ({
  checks: [{ name: 'abuse', type: 'custom', shell: true, command, timeoutMs: 60_000 }],
});
const good = {
  description: 'Be abused',
  targetFiles: [],
  changes: [{ file: 'a.txt', type: 'modify', content: 'changed\n' }],
};
const run = ['run', 'request.json', '--json'];
const plan = ['plan', '-', '--json'];

const cases = [
  {
    name: '10 GB of output',
    config: checked('head -c 10G /dev/zero'),
    args: run,
    // What is printed is masked as it comes, which takes longer than the check has.
    expected: { exit: 1, says: '"status":"timed_out"' },
  },
  {
    name: 'a check that kills moult',
    config: checked('kill -9 $PPID; sleep 1'),
    args: run,
    expected: { exit: 'SIGKILL', says: '' },
    then: { args: ['recover', '--json'], says: '"rolled_back"' },
  },
  {
    name: '2,000 processes left behind',
    config: checked('for i in $(seq 2000); do sleep 900 & done; exit 1'),
    args: run,
    expected: { exit: 1, says: '"status":"rolled_back"' },
  },
  {
    name: 'a patch of 1 GB',
    args: plan,
    *input() {
      yield '{"description":"x","targetFiles":[],"changes":[{"file":"a.txt","type":"modify","patch":"';
      for (let part = 0; part < 1_024; part += 1) yield '+'.repeat(megabyte);
      yield '"}]}';
    },
    expected: { exit: 2, says: '"code":' },
  },
  {
    name: 'a million changes',
    args: plan,
    *input() {
      yield '{"description":"x","targetFiles":[],"changes":[';
      for (let index = 0; index < 1_000_000; index += 1)
        yield `${index === 0 ? '' : ','}{"file":"f${index}.txt","type":"create","content":""}`;
      yield ']}';
    },
    expected: { exit: 2, says: '"code":' },
  },
];

let failures = 0;
for (const one of cases.filter(({ name }) => !process.argv[2] || name === process.argv[2])) {
  const { problems, seconds, peakBytes } = await abuse(one);
  const figures = `${seconds.toFixed(1)} s, ${(peakBytes / megabyte).toFixed(0)} MB at most`;
  console.log(`${problems.length === 0 ? 'bounded' : 'FAILED '}  ${one.name}: ${figures}`);
  for (const problem of problems) console.log(`         ${problem}`);
  failures += problems.length > 0 ? 1 : 0;
}
process.exitCode = failures > 0 ? 1 : 0;

async function abuse({ config = checked('true'), args, input, expected, then }) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'moult-abuse-')));
  try {
    writeFileSync(join(root, 'a.txt'), 'before\n');
    writeFileSync(join(root, 'moult.config.json'), JSON.stringify(config));
    writeFileSync(join(root, 'request.json'), JSON.stringify(good));
    execFileSync('git', ['init', '--quiet'], { cwd: root });
    const before = await manifest(root);
    const startedAt = performance.now();
    const first = await moult(root, args, input?.());
    const seconds = (performance.now() - startedAt) / 1_000;
    const last = then ? await moult(root, then.args) : null;
    const file = readFileSync(join(root, 'a.txt'), 'utf8');
    const left = execFileSync('sh', ['-c', `ps -eo args | grep -c '^sleep 900' || true`], {
      encoding: 'utf8',
    });
    const stateBytes = Number(execFileSync('du', ['-sb', root], { encoding: 'utf8' }).split('\t')[0]);
    const changed = diffManifests(before, await manifest(root)).filter((line) => !line.startsWith('a.txt'));
    const problems = [
      first.exit === expected.exit ? '' : `it ended with ${first.exit}: ${first.output.slice(0, 500)}`,
      first.output.replaceAll(/\s/g, '').includes(expected.says)
        ? ''
        : `it said ${first.output.slice(0, 500)}`,
      last === null || last.output.includes(then.says) ? '' : `then it said ${last.output.slice(0, 500)}`,
      file === (expected.file ?? 'before\n') ? '' : `a.txt holds ${JSON.stringify(file)}`,
      changed.length === 0 ? '' : `it changed ${changed.join(', ')}`,
      Number(left) === 0 ? '' : `${left.trim()} processes are left`,
      stateBytes < mostState ? '' : `the project and its state have ${stateBytes} bytes`,
      first.peakBytes < mostMemory ? '' : 'it took too much memory',
    ].filter((problem) => problem !== '');
    return { problems, seconds, peakBytes: first.peakBytes };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function moult(root, args, input = []) {
  const child = spawn(process.execPath, [cli, ...args], { cwd: root });
  let output = '';
  let peakBytes = 0;
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.resume();
  // It need not read to the end.
  child.stdin.on('error', () => undefined);
  const look = setInterval(() => (peakBytes = Math.max(peakBytes, peakOf(child.pid))), 50);
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)));
  feed(child.stdin, input).catch(() => undefined);
  const exit = await ended;
  clearInterval(look);
  return { exit, output, peakBytes };
}

async function feed(stream, parts) {
  await pipeline(Readable.from(parts, { objectMode: false, highWaterMark: megabyte }), stream);
}

/** The most memory that the process has had so far. */
function peakOf(pid) {
  const file = `/proc/${pid}/status`;
  const [, kilobytes = 0] = (existsSync(file) && /VmHWM:\s+(\d+)/.exec(readFileSync(file, 'utf8'))) || [];
  return Number(kilobytes) * 1_024;
}
