import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { CheckResult } from '../../../machines/improvement-types.js';
import { runCheck, type CheckContext } from '../../../src/checks/run-check.js';
import { MoultError } from '../../../src/errors/moult-error.js';
import type { ValidationCheck } from '../../../src/improvement.js';
import { systemClock } from '../../../src/ports/clock.js';
import { nodeFileSystem } from '../../../src/ports/node-file-system.js';
import { nodeSpawner } from '../../../src/process/node-spawner.js';
import { createSecretMasker } from '../../../src/secrets/secret-masker.js';

let root: string;
let logFile: string;
beforeEach(() => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'moult-check-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  root = join(folder, 'project');
  mkdirSync(root);
  logFile = join(folder, 'check.log');
});

const custom = (command: string, more: Partial<ValidationCheck> = {}): ValidationCheck => ({
  name: 'Check',
  type: 'custom',
  command,
  required: true,
  ...more,
});
const inShell = (command: string, more: Partial<ValidationCheck> = {}) =>
  custom(command, { shell: true, ...more });
const run = (check: ValidationCheck, context: Partial<CheckContext> = {}): Promise<CheckResult> =>
  runCheck(check, {
    root,
    spawn: nodeSpawner,
    fileSystem: nodeFileSystem,
    clock: systemClock,
    passEnv: [],
    masker: createSecretMasker({ API_TOKEN: 'very-secret-1' }),
    mark: 'si-1@1:2',
    logFile,
    logPath: 'tasks/si-1/check.log',
    ...context,
  });
const log = () => readFileSync(logFile, 'utf8');
const program = (path: string, script: string) => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), `#!/bin/sh\n${script}\n`);
  chmodSync(join(root, path), 0o755);
};
const packageJson = (content: object) => writeFileSync(join(root, 'package.json'), JSON.stringify(content));
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return !existsSync('/proc') || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};
const withVariable = (name: string, value: string) => {
  process.env[name] = value;
  onTestFinished(() => void delete process.env[name]);
};

describe('a check passes', () => {
  it('when its command exits with 0', async () => {
    const result = await run(inShell('echo out; echo err >&2'));
    expect(result).toEqual({
      name: 'Check',
      type: 'custom',
      required: true,
      status: 'passed',
      exitCode: 0,
      signal: null,
      durationMs: result.durationMs,
      output: 'out\nerr\n',
      logPath: 'tasks/si-1/check.log',
    });
    expect(log()).toBe('out\nerr\n');
  });

  it('in the project root, without a shell', async () => {
    const result = await run(
      custom(`"${process.execPath}" -p 'process.cwd() + " " + process.argv[1]' "a  b"`),
    );
    expect(result.output).toBe(`${root} a  b\n`);
  });

  it('and takes as long as the clock says', async () => {
    let now = 1_000;
    const clock = { ...systemClock, now: () => (now += 250) };
    expect((await run(custom('true'), { clock })).durationMs).toBe(250);
  });
});

describe('a check fails', () => {
  it('when its command exits with another code', async () => {
    expect(await run(inShell('exit 3', { required: false }))).toMatchObject({
      status: 'failed',
      required: false,
      exitCode: 3,
      signal: null,
      reason: 'it ended with exit code 3',
    });
  });

  it('when its command is killed', async () => {
    expect(await run(inShell('kill -9 $$'))).toMatchObject({
      status: 'failed',
      exitCode: null,
      signal: 'SIGKILL',
      reason: 'it was ended by SIGKILL',
    });
  });

  it('when the shell finds no such program', async () => {
    expect(await run(inShell('no-such-program-at-all'))).toMatchObject({ status: 'failed', exitCode: 127 });
  });
});

describe('a check that did not run has not passed:', () => {
  it.each<[string, ValidationCheck, string]>([
    ['no such program', custom('no-such-program-at-all --x'), '"no-such-program-at-all" was not found'],
    ['not executable', custom('/etc/passwd'), '"/etc/passwd" is not executable'],
    ['not startable', custom(`echo ${'x'.repeat(300_000)}`), 'could not be started'],
    ['no command', { name: 'Check', type: 'custom', required: true }, 'no command'],
    ['a command only a shell can run', custom('true && true'), '"&&" needs a shell'],
    ['no package.json', { name: 'Check', type: 'build', required: true }, 'no script "build"'],
  ])('%s', async (_, check, reason) => {
    const result = await run(check);
    expect(result).toMatchObject({
      status: 'not_run',
      exitCode: null,
      signal: null,
      output: '',
      logPath: null,
    });
    expect(result.reason).toContain(reason);
    expect(existsSync(logFile)).toBe(false);
  });

  it.each([
    ['no scripts', { name: 'x' }],
    ['another script', { scripts: { tests: 'true' } }],
    ['a blank script', { scripts: { test: ' ' } }],
    ['a script that is no text', { scripts: { test: true } }],
    ["npm's placeholder", { scripts: { test: 'echo "Error: no test specified" && exit 1' } }],
    ['an inherited name', { scripts: {} }],
  ])('a package.json with %s', async (_, content) => {
    packageJson(content);
    expect(await run({ name: 'Check', type: 'test', required: true })).toMatchObject({
      status: 'not_run',
      reason: 'package.json has no script "test"',
    });
  });

  it('a package.json that the change has broken', async () => {
    writeFileSync(join(root, 'package.json'), '{"scripts": {');
    const result = await run({ name: 'Check', type: 'test', required: true });
    expect(result.status).toBe('not_run');
    expect(result.reason).toContain('package.json cannot be read');
  });

  it('a package manager that is not installed', async () => {
    packageJson({ scripts: { test: 'true' }, packageManager: 'pnpm@9.0.0' });
    const result = await run({
      name: 'Check',
      type: 'test',
      required: true,
      env: { PATH: join(root, 'none') },
    });
    expect(result).toMatchObject({ status: 'not_run', reason: 'the program "pnpm" was not found' });
  });
});

describe('a check of type build, lint or test', () => {
  it('runs the script of that name by npm', async () => {
    packageJson({ scripts: { lint: 'echo "linted in $PWD" && exit 4' } });
    const result = await run({ name: 'Check', type: 'lint', required: true });
    expect(result).toMatchObject({ status: 'failed', exitCode: 4 });
    expect(result.output).toContain(`linted in ${root}`);
  });

  it('runs it by the package manager of the project', async () => {
    packageJson({ scripts: { build: 'true' } });
    writeFileSync(join(root, 'pnpm-lock.yaml'), '');
    program('bin/pnpm', 'echo "pnpm $*"');
    const env = { PATH: `${join(root, 'bin')}:${process.env.PATH}` };
    expect((await run({ name: 'Check', type: 'build', required: true, env })).output).toBe(
      'pnpm run build\n',
    );
  });

  it('runs its own command instead, where it has one', async () => {
    packageJson({ scripts: { build: 'exit 1' } });
    expect(await run(custom('echo mine', { type: 'build' }))).toMatchObject({
      status: 'passed',
      output: 'mine\n',
    });
  });

  it('is not misled by the npm that started the host', async () => {
    withVariable('npm_config_workspaces', 'true');
    withVariable('npm_config_if_present', 'true');
    packageJson({ scripts: { build: 'exit 6' } });
    expect(await run({ name: 'Check', type: 'build', required: true })).toMatchObject({
      status: 'failed',
      exitCode: 6,
    });
  });
});

describe('the command of a check', () => {
  it('finds the programs of the project first', async () => {
    program('node_modules/.bin/ls', 'echo "the project\'s ls"');
    expect((await run(custom('ls'))).output).toBe("the project's ls\n");
    expect((await run(inShell('ls'))).output).toBe("the project's ls\n");
  });

  it('has CI, the mark of the task and its own variables in its environment', async () => {
    const script = 'echo "$CI,$MOULT_TASK,$A,$GIT_PAGER"';
    const env = { A: 'a b', MOULT_TASK: 'si-2', GIT_PAGER: 'cat' };
    expect((await run(inShell(script, { env }))).output).toBe('1,si-1@1:2,a b,cat\n');
    expect((await run(inShell('echo "$CI"', { env: { CI: '' } }))).output).toBe('\n');
  });

  it('has of the environment of the host what is on the list, and no more', async () => {
    for (const name of ['GIT_DIR', 'GIT_INDEX_FILE', 'SERVICE_TOKEN', 'NODE_ENV', 'MOULT_TEST_ONE'])
      withVariable(name, 'from the host');
    withVariable('https_proxy', 'http://proxy');
    const names = async (passEnv: string[]) =>
      (await run(custom('env'), { passEnv })).output
        .split('\n')
        .map((line) => line.replace(/=.*/, ''))
        .filter((name) => /^(GIT_|SERVICE_|NODE_ENV|MOULT_TEST|PATH$|HOME$|https_proxy$)/.test(name))
        .sort();
    const usual = ['HOME', 'PATH', 'https_proxy'];
    expect(await names([])).toEqual(usual);
    expect(await names(['MOULT_TEST_*', 'node_env'])).toEqual([
      'HOME',
      'MOULT_TEST_ONE',
      'NODE_ENV',
      'PATH',
      'https_proxy',
    ]);
    expect(await names(['*'])).toEqual(expect.arrayContaining(['MOULT_TEST_ONE', 'SERVICE_TOKEN']));
    expect(await names(['*'])).not.toEqual(expect.arrayContaining(['GIT_DIR']));
    expect(await names(['GIT_DIR'])).toEqual(['GIT_DIR', ...usual]);
  });

  it('finds its input closed', async () => {
    expect(await run(custom('cat'))).toMatchObject({ status: 'passed' });
  });

  it('runs its tests, also below another test runner', async () => {
    withVariable('NODE_TEST_CONTEXT', 'child-v8');
    writeFileSync(
      join(root, 'a.test.mjs'),
      `import test from 'node:test'; test('a', () => { throw new Error('red'); });`,
    );
    const result = await run(custom(`"${process.execPath}" --test a.test.mjs`));
    expect(result).toMatchObject({ status: 'failed', exitCode: 1 });
    expect(result.output).toContain('red');
  });
});

describe('a check that takes too long', () => {
  it('is ended, with all it started', async () => {
    const result = await run(inShell('echo begun; sleep 80 & echo $! > pid; wait', { timeoutMs: 1_500 }));
    expect(result).toMatchObject({
      status: 'timed_out',
      exitCode: null,
      signal: 'SIGTERM',
      output: 'begun\n',
      reason: 'it was not finished after 1.5 s',
      logPath: 'tasks/si-1/check.log',
    });
    const pid = Number(readFileSync(join(root, 'pid'), 'utf8'));
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it('has not passed by exiting with 0 when it was told to stop', async () => {
    const check = inShell('trap "exit 0" TERM; while :; do sleep 0.05; done', { timeoutMs: 300 });
    expect(await run(check)).toMatchObject({ status: 'timed_out', exitCode: 0 });
  });
});

describe('abort', () => {
  it('ends the check and gives the reason', async () => {
    const controller = new AbortController();
    const running = run(inShell('sleep 81 & echo $! > pid; echo up; wait'), {
      signal: controller.signal,
      onOutput: () => controller.abort(new Error('cancelled by hand')),
    });
    await expect(running).rejects.toThrow('cancelled by hand');
    const pid = Number(readFileSync(join(root, 'pid'), 'utf8'));
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it('before the start starts nothing', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(run(inShell('touch started'), { signal })).rejects.toThrow('too late');
    expect(existsSync(join(root, 'started'))).toBe(false);
  });
});

describe('the output of a check', () => {
  it('is in the log whole, and readable for its owner only', async () => {
    writeFileSync(logFile, 'x'.repeat(1_000_000), { mode: 0o644 });
    await run(custom('seq 1 100000'));
    expect(log()).toBe(Array.from({ length: 100_000 }, (_, index) => `${index + 1}\n`).join(''));
    expect(statSync(logFile).mode & 0o777).toBe(0o600);
  });

  it('is in the result by its last lines', async () => {
    const { output } = await run(custom('seq 1 100000'));
    expect(output).toBe(Array.from({ length: 60 }, (_, index) => `${99_941 + index}\n`).join(''));
  });

  it('is in the result by its last characters, none of them broken', async () => {
    const { output } = await run(
      custom(`"${process.execPath}" -e 'process.stdout.write("a" + "🦋".repeat(50000))'`),
    );
    expect(output).toBe('🦋'.repeat(2_000));
  });

  it('may be no UTF-8', async () => {
    const { output } = await run(inShell("printf 'a\\377b\\n'; printf '\\303'"));
    expect(output).toBe('a\uFFFDb\n\uFFFD');
    expect([...readFileSync(logFile)]).toEqual([97, 255, 98, 10, 195]);
  });

  it('may be split within a character; the line of a stream comes when it is whole', async () => {
    const { output } = await run(
      inShell("printf '\\303'; sleep 0.2; printf 'x' >&2; sleep 0.2; printf '\\244\\n'"),
    );
    expect(output).toBe('ä\nx');
  });

  it('is handed on as it comes', async () => {
    const seen: string[] = [];
    await run(inShell('echo a; while [ ! -e seen ]; do sleep 0.02; done; echo b >&2'), {
      onOutput: (chunk, stream) => {
        seen.push(`${stream} ${Buffer.from(chunk).toString()}`);
        writeFileSync(join(root, 'seen'), '');
      },
    });
    expect(seen).toEqual(['stdout a\n', 'stderr b\n']);
  });

  it('of 200 MB fills neither memory nor disk', async () => {
    const before = process.memoryUsage.rss();
    const result = await run(inShell('echo first; head -c 200000000 /dev/zero; echo last'));
    expect(result.status).toBe('passed');
    expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000);
    const size = statSync(logFile).size;
    expect(size).toBeLessThan(64 * 1024 * 1024 + 100);
    expect(size).toBeGreaterThan(60 * 1024 * 1024);
    const bytes = readFileSync(logFile);
    expect(bytes.subarray(0, 6).toString()).toBe('first\n');
    expect(bytes.subarray(-5).toString()).toBe('last\n');
    const missing = 200_000_000 + 11 - 64 * 1024 * 1024;
    expect(bytes.includes(`[… ${missing.toLocaleString('en-US')} bytes are left out here …]`)).toBe(true);
  });

  it.runIf(existsSync('/dev/full'))('that cannot be saved is no silent loss', async () => {
    const error: unknown = await run(custom('echo a'), { logFile: '/dev/full' }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(MoultError);
    expect(error).toMatchObject({ code: 'STATE_NOT_SAVED', details: { file: '/dev/full' } });
  });

  it('that has no place to go is no silent loss', async () => {
    await expect(run(custom('echo a'), { logFile: join(root, 'missing', 'x.log') })).rejects.toMatchObject({
      code: 'STATE_NOT_SAVED',
    });
  });

  it('holds no secret, in whatever pieces it was written', async () => {
    const heard: Buffer[] = [];
    const result = await run(
      inShell(
        'printf "a very-se"; sleep 0.3; echo "cret-1 b"; printf own-se >&2; sleep 0.3; echo cret-2 >&2; echo "postgres://bob:hunter22@db/x"; exit 1',
        { env: { OWN_PASSWORD: 'own-secret-2' } },
      ),
      { onOutput: (chunk) => heard.push(Buffer.from(chunk)) },
    );
    for (const text of [result.output, log(), Buffer.concat(heard).toString()]) {
      expect(text.split('\n').sort()).toEqual(['', '***', 'a *** b', 'postgres://***@db/x']);
    }
  });

  it('is told as far as it goes where the last line has no end', async () => {
    expect((await run(inShell('printf "no end: very-secret-1"'))).output).toBe('no end: ***');
    expect(log()).toBe('no end: ***');
  });
});
