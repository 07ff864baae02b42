import { AssertionError, deepStrictEqual, ok, rejects } from 'node:assert/strict';
import { access, readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckResult } from '../../../machines/improvement-types.js';
import type { ValidationCheck } from '../../improvement.js';
import { isProcessAlive } from '../../process/process-identity.js';
import { casesOf, type Subject } from './cases-of.js';
import type { ContractCase } from './contract-case.js';

export interface CheckRunnerSubject extends Subject {
  /** Where the checks run: an empty folder of this subject's own. */
  root: string;
  run: (checks: readonly ValidationCheck[], signal?: AbortSignal) => Promise<CheckResult[]>;
}

/** A check that is a program of Node, without a shell. */
const node = (code: string, overrides: Partial<ValidationCheck> = {}): ValidationCheck => ({
  name: 'check',
  type: 'custom',
  required: true,
  command: `node -e "${code}"`,
  timeoutMs: 60_000,
  ...overrides,
});

const cases: Record<string, (subject: CheckRunnerSubject) => Promise<void>> = {
  'answers one result for each check, in order': async (subject) => {
    const results = await subject.run([
      node('', { name: 'first' }),
      node('process.exit(3)', { name: 'second', type: 'test', required: false }),
    ]);
    deepStrictEqual(
      results.map(({ name, type, required, status, exitCode }) => ({
        name,
        type,
        required,
        status,
        exitCode,
      })),
      [
        { name: 'first', type: 'custom', required: true, status: 'passed', exitCode: 0 },
        { name: 'second', type: 'test', required: false, status: 'failed', exitCode: 3 },
      ],
    );
  },
  'runs those after one that failed': async (subject) => {
    await subject.run([
      node('process.exit(1)'),
      node(`require('fs').writeFileSync('after', '')`, { name: 'after' }),
    ]);
    await access(path.join(subject.root, 'after'));
  },
  'never calls passed what did not run': async (subject) => {
    const [missing] = await subject.run([node('', { command: 'there-is-no-such-program --version' })]);
    deepStrictEqual(missing?.status, 'not_run');
  },
  'never calls passed what a signal ended': async (subject) => {
    const [killed] = await subject.run([node(`process.kill(process.pid, 'SIGKILL')`)]);
    deepStrictEqual([killed?.status, killed?.exitCode], ['failed', null]);
  },
  'ends what takes too long': async (subject) => {
    const code = `require('fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000)`;
    const [late] = await subject.run([node(code, { timeoutMs: 1_500 })]);
    deepStrictEqual(late?.status, 'timed_out');
    await requireGone(path.join(subject.root, 'pid'));
  },
  'gives a check nothing to read': async (subject) => {
    const [reader] = await subject.run([
      node(`process.stdin.resume(); process.stdin.on('end', () => process.exit(0))`),
    ]);
    deepStrictEqual(reader?.status, 'passed');
  },
  'runs in the root': async (subject) => {
    await writeFile(path.join(subject.root, 'here'), '');
    const [result] = await subject.run([node(`require('fs').statSync('here')`)]);
    deepStrictEqual(result?.status, 'passed');
  },
  'hands the environment of the check on': async (subject) => {
    const [result] = await subject.run([
      node(`process.exit(process.env.COLOUR === 'blue' ? 0 : 1)`, { env: { COLOUR: 'blue' } }),
    ]);
    deepStrictEqual(result?.status, 'passed');
  },
  'runs no shell that nobody asked for': async (subject) => {
    await subject.run([
      node('', { command: `node -e "" && node -e "require('fs').writeFileSync('shell', '')"` }),
    ]);
    await rejects(access(path.join(subject.root, 'shell')), 'a second command was run');
  },
  'keeps what the check said': async (subject) => {
    const [result] = await subject.run([
      node(`console.log('to the one'); console.error('to the other'); process.exit(1)`),
    ]);
    ok(result?.output.includes('to the one') && result.output.includes('to the other'), result?.output);
  },
  'leaves no process behind': async (subject) => {
    const left = `require('fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000)`;
    const leave = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(left)}], { stdio: 'ignore' });
setInterval(() => require('fs').existsSync('pid') && process.exit(0), 20);`;
    await writeFile(path.join(subject.root, 'leave.cjs'), leave);
    const [result] = await subject.run([node('', { command: 'node leave.cjs' })]);
    deepStrictEqual(result?.status, 'passed');
    await requireGone(path.join(subject.root, 'pid'));
  },
  'stops when it is told to': async (subject) => {
    const controller = new AbortController();
    const code = `require('fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000)`;
    const running = subject.run([node(code)], controller.signal);
    running.catch(() => undefined);
    while (!(await isThere(path.join(subject.root, 'pid')))) await sleep(20);
    controller.abort(new Error('stop'));
    await rejects(running);
    await requireGone(path.join(subject.root, 'pid'));
  },
  'answers nothing where there are no checks': async (subject) => {
    deepStrictEqual(await subject.run([]), []);
  },
};

async function isThere(file: string): Promise<boolean> {
  return (await readFile(file, 'utf8').catch(() => '')) !== '';
}

/** A killed process takes a moment to go. */
async function requireGone(pidFile: string): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8'));
  for (let tries = 0; tries < 100; tries += 1) {
    if (!isProcessAlive(pid)) return;
    await sleep(50);
  }
  throw new AssertionError({ message: `process ${pid} of the check is still there` });
}

/** What a runner of checks must do: say truly how each ended, and leave nothing running. */
export function checkRunnerContract(
  make: () => Promise<CheckRunnerSubject> | CheckRunnerSubject,
): ContractCase[] {
  return casesOf(make, cases);
}
