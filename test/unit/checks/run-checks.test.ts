import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { CheckResult } from '../../../machines/improvement-types.js';
import { runChecks, type ChecksContext } from '../../../src/checks/run-checks.js';
import type { ValidationCheck } from '../../../src/improvement.js';
import { systemClock } from '../../../src/ports/clock.js';
import { nodeFileSystem } from '../../../src/ports/node-file-system.js';
import { nodeSpawner } from '../../../src/process/node-spawner.js';
import { createSecretMasker } from '../../../src/secrets/secret-masker.js';

let root: string;
let logDirectory: string;
beforeEach(() => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'moult-checks-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  root = join(folder, 'project');
  mkdirSync(root);
  logDirectory = join(folder, 'state', 'checks');
});

const shell = (name: string, command: string): ValidationCheck => ({
  name,
  type: 'custom',
  command,
  required: true,
  shell: true,
});
const context = (more: Partial<ChecksContext> = {}): ChecksContext => ({
  root,
  spawn: nodeSpawner,
  fileSystem: nodeFileSystem,
  clock: systemClock,
  passEnv: [],
  masker: createSecretMasker({}),
  mark: `si-${process.pid}${Date.now()}@1:2`,
  logDirectory,
  logPathPrefix: 'tasks/si-1/checks',
  ...more,
});

describe('checks', () => {
  it('run one after the other, all of them, also after a failure', async () => {
    const script = (name: string) => `echo begin ${name} >> order; sleep 0.1; echo end ${name} >> order;`;
    const checks = [
      shell('a', script('a')),
      shell('b', `${script('b')} exit 1`),
      { ...shell('none', ''), command: 'no-such-program-at-all', shell: false },
      shell('c', script('c')),
    ];
    const results = await runChecks(checks, context());
    expect(results.map(({ name, status }) => [name, status])).toEqual([
      ['a', 'passed'],
      ['b', 'failed'],
      ['none', 'not_run'],
      ['c', 'passed'],
    ]);
    expect(readFileSync(join(root, 'order'), 'utf8')).toBe(
      'begin a\nend a\nbegin b\nend b\nbegin c\nend c\n',
    );
  });

  it('may be none, and give no result', async () => {
    expect(await runChecks([], context())).toEqual([]);
  });

  it('have a log each, whatever their names', async () => {
    const checks = [
      shell('TypeScript Build', 'echo 1'),
      shell('../../etc/passwd', 'echo 2'),
      shell('🦋', 'echo 3'),
      shell('typescript build', 'echo 4'),
      shell('x'.repeat(300), 'echo 5'),
    ];
    const results = await runChecks(checks, context());
    const names = [
      '01-typescript-build.log',
      '02-etc-passwd.log',
      '03-custom.log',
      '04-typescript-build.log',
      `05-${'x'.repeat(40)}.log`,
    ];
    expect(readdirSync(logDirectory).sort()).toEqual(names);
    expect(results.map(({ logPath }) => logPath)).toEqual(names.map((name) => `tasks/si-1/checks/${name}`));
    expect(names.map((name) => readFileSync(join(logDirectory, name), 'utf8'))).toEqual(
      [1, 2, 3, 4, 5].map((number) => `${number}\n`),
    );
    expect(statSync(logDirectory).mode & 0o777).toBe(0o700);
  });

  it('are told of one by one', async () => {
    const events: string[] = [];
    const results: CheckResult[] = [];
    await runChecks(
      [shell('a', 'true'), shell('b', 'false')],
      context(),
      async (result) => {
        await Promise.resolve();
        results.push(result);
        events.push(`${result.name} ${result.status}`);
      },
      (check) => void events.push(`${check.name} starts`),
    );
    expect(events).toEqual(['a starts', 'a passed', 'b starts', 'b failed']);
    expect(results).toHaveLength(2);
  });

  it('stop when aborted', async () => {
    const controller = new AbortController();
    const running = runChecks(
      [shell('a', 'echo up; sleep 82'), shell('b', 'touch b')],
      context({ signal: controller.signal, onOutput: () => controller.abort(new Error('stop')) }),
    );
    await expect(running).rejects.toThrow('stop');
    expect(existsSync(join(root, 'b'))).toBe(false);
  });

  it('stop when aborted between two', async () => {
    const controller = new AbortController();
    const running = runChecks(
      [shell('a', 'true'), shell('b', 'touch b')],
      context({ signal: controller.signal }),
      () => controller.abort(new Error('stop')),
    );
    await expect(running).rejects.toThrow('stop');
    expect(existsSync(join(root, 'b'))).toBe(false);
  });

  it.runIf(process.platform === 'linux')('leave nothing running that could change files later', async () => {
    const [result] = await runChecks(
      [
        shell(
          'a',
          'setsid sh -c "echo \\$\\$ > pid; exec sleep 83" & while ! [ -s pid ]; do sleep 0.01; done',
        ),
      ],
      context(),
    );
    expect(result?.status).toBe('passed');
    const pid = readFileSync(join(root, 'pid'), 'utf8').trim();
    const isGone = !existsSync(`/proc/${pid}`) || / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    expect(isGone).toBe(true);
  });
});
