import type { CheckResult } from '../../machines/improvement-types.js';
import type { ValidationCheck } from '../improvement.js';
import type { Clock } from '../ports/clock.js';
import type { FileSystem } from '../ports/file-system.js';
import type { Spawner } from '../ports/spawner.js';
import type { SecretMasker } from '../secrets/secret-masker.js';
import { runChild, type ChildOutcome, type ChildRequest } from '../process/run-child.js';
import { checkCommand, type CheckCommand } from './check-command.js';
import { checkEnvironment } from './check-environment.js';
import { CheckLog } from './check-log.js';
import { OutputTail } from './output-tail.js';

export interface CheckContext {
  root: string;
  spawn: Spawner;
  fileSystem: FileSystem;
  clock: Clock;
  /** Names of variables of the host that reach the check, besides those that always do; see `passedVariables`. */
  passEnv: readonly string[];
  /** The output passes through it before anybody gets it. */
  masker: SecretMasker;
  /** Marks the processes of the check; see `taskMark`. */
  mark: string;
  /** Absolute path of the file for the whole output. */
  logFile: string;
  /** What the result calls that file. */
  logPath: string;
  signal?: AbortSignal;
  /** Gets the output as it comes, line by line and without secrets. */
  onOutput?: (chunk: Uint8Array, stream: 'stdout' | 'stderr') => void;
}

type Runnable = Exclude<CheckCommand, { kind: 'none' }>;
type Verdict = Pick<CheckResult, 'status' | 'reason'>;

const defaultTimeoutMs = 600_000;

/**
 * Runs one check to its end, in the project root, with nothing to read on standard input. Only a command that really
 * ran and exited with 0 in time has passed.
 *
 * @throws the signal's reason when aborted, after all processes of the check were ended.
 * @throws MoultError STATE_NOT_SAVED where the log cannot be written.
 */
export async function runCheck(check: ValidationCheck, context: CheckContext): Promise<CheckResult> {
  return context.masker.with(check.env ?? {}).maskJsonValues(await judge(check, context));
}

async function judge(check: ValidationCheck, context: CheckContext): Promise<CheckResult> {
  context.signal?.throwIfAborted();
  const startedAt = context.clock.now();
  const command = await checkCommand(check, context);
  if (command.kind === 'none') return notRun(check, command.reason);
  const { outcome, output } = await runLogged(check, command, context);
  if (outcome.aborted) context.signal?.throwIfAborted();
  if (outcome.startError !== null) {
    await context.fileSystem.rm(context.logFile, { force: true });
    return notRun(check, startProblem(command.command.program, outcome.startError));
  }
  const { exitCode, signal } = outcome;
  const durationMs = context.clock.now() - startedAt;
  return {
    ...named(check),
    ...verdict(outcome, timeoutOf(check)),
    exitCode,
    signal,
    durationMs,
    output,
    logPath: context.logPath,
  };
}

async function runLogged(
  check: ValidationCheck,
  command: Runnable,
  context: CheckContext,
): Promise<{ outcome: ChildOutcome; output: string }> {
  const masker = context.masker.with(check.env ?? {});
  const log = await CheckLog.open(context.fileSystem, context.logFile, { mask: masker.mask });
  const tail = new OutputTail();
  const streams = { stdout: masker.stream(), stderr: masker.stream() };
  const take = (bytes: Uint8Array, stream: 'stdout' | 'stderr') => {
    if (bytes.length === 0) return;
    log.append(bytes);
    tail.append(bytes, stream);
    context.onOutput?.(bytes, stream);
  };
  try {
    const outcome = await runChild(context.spawn, {
      ...childRequest(check, command, context),
      onOutput: (chunk, stream) => take(streams[stream].push(chunk), stream),
    });
    for (const stream of ['stdout', 'stderr'] as const) take(streams[stream].end(), stream);
    return { outcome, output: await masker.mask(tail.toString()) };
  } finally {
    await log.close();
  }
}

function childRequest(
  check: ValidationCheck,
  { kind, command }: Runnable,
  { root, mark, passEnv, signal }: CheckContext,
): ChildRequest {
  return {
    command: command.program,
    args: command.args,
    cwd: root,
    ...checkEnvironment(check, { root, mark, passEnv }, { findsLocalPrograms: kind === 'command' }),
    timeoutMs: timeoutOf(check),
    signal,
    // The log has it all.
    maxOutputBytes: 0,
  };
}

const timeoutOf = (check: ValidationCheck) => check.timeoutMs ?? defaultTimeoutMs;
const named = ({ name, type, required }: ValidationCheck) => ({ name, type, required });

function verdict({ timedOut, exitCode, signal }: ChildOutcome, timeoutMs: number): Verdict {
  if (timedOut) return { status: 'timed_out', reason: `it was not finished after ${timeoutMs / 1_000} s` };
  if (exitCode === 0) return { status: 'passed' };
  return {
    status: 'failed',
    reason: exitCode === null ? `it was ended by ${signal}` : `it ended with exit code ${exitCode}`,
  };
}

function startProblem(program: string, { code, message }: NodeJS.ErrnoException): string {
  const named = JSON.stringify(program);
  if (code === 'ENOENT') return `the program ${named} was not found`;
  if (code === 'EACCES') return `the program ${named} is not executable`;
  return `the program ${named} could not be started: ${message}`;
}

function notRun(check: ValidationCheck, reason: string): CheckResult {
  return {
    ...named(check),
    status: 'not_run',
    reason,
    exitCode: null,
    signal: null,
    durationMs: 0,
    output: '',
    logPath: null,
  };
}
