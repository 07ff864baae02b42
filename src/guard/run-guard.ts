import { parseArgs } from 'node:util';
import { MoultError } from '../errors/moult-error.js';
import { nodeFileSystem } from '../ports/node-file-system.js';
import { detectSupervisor } from '../process/detect-supervisor.js';
import type { Logger } from '../ports/logger.js';
import { Guard, type GuardEnd } from '../supervision/guard.js';
import { leaveSafeMode } from '../supervision/leave-safe-mode.js';
import { preboot } from '../supervision/preboot.js';

/** The process the guard runs in, as far as it uses it. */
type GuardProcess = Pick<NodeJS.Process, 'argv' | 'cwd' | 'env' | 'kill' | 'on' | 'off' | 'pid' | 'stderr'>;

const passedOn = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGWINCH', 'SIGCONT'] as const;

const usage = `Usage:
  guard.mjs supervise [--root DIR] [--take-over-lock] -- COMMAND [ARGUMENT...]
  guard.mjs preboot [--root DIR] [--take-over-lock]
  guard.mjs leave-safe-mode [--root DIR]`;

/** 78: what sysexits calls EX_CONFIG. A supervisor that knows it does not try again. */
const safeModeExitCode = 78;
const usageExitCode = 2;
const unexpectedExitCode = 70;

/**
 * The command line of the guard.
 *
 * @param stateDirectory where this file was copied to; null where it lies in the package.
 * @returns the exit code.
 */
export async function runGuard(
  io: GuardProcess,
  args: readonly string[],
  stateDirectory: string | null,
): Promise<number> {
  const say = (line: string) => void io.stderr.write(`${line}\n`);
  try {
    return await dispatch(io, args, stateDirectory, say);
  } catch (error) {
    if (!(error instanceof MoultError)) {
      say(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return unexpectedExitCode;
    }
    say(`error: ${error.message} [${error.code}]`);
    say(`hint: ${error.remedy}`);
    return error.code === 'SAFE_MODE' ? safeModeExitCode : usageExitCode;
  }
}

async function dispatch(
  io: GuardProcess,
  args: readonly string[],
  stateDirectory: string | null,
  say: (line: string) => void,
): Promise<number> {
  const end = args.indexOf('--');
  const [command, commandArgs] = end === -1 ? [undefined, []] : [args[end + 1], args.slice(end + 2)];
  const parsed = optionsIn(end === -1 ? args : args.slice(0, end));
  if (!parsed) return refuse(say);
  const { verb, root = io.cwd(), takeOverLock } = parsed;
  const site = {
    ...{ root, takeOverLock, logger: loggerTo(say), fileSystem: nodeFileSystem, environment: io.env },
    ...(stateDirectory === null ? {} : { stateDirectory }),
  };
  if (verb === 'preboot') {
    await preboot({ ...site, supervisor: detectSupervisor(io.env) });
    return 0;
  }
  if (verb === 'leave-safe-mode') {
    say(
      (await leaveSafeMode(site)) ? 'The program may be started again.' : 'There was no safe mode to leave.',
    );
    return 0;
  }
  if (verb !== 'supervise' || command === undefined) return refuse(say);
  return exitAs(io, await supervise(io, new Guard({ ...site, command, args: commandArgs })));
}

function optionsIn(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { root: { type: 'string' }, 'take-over-lock': { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [verb, ...rest] = positionals;
    if (rest.length > 0) return null;
    return { verb, root: values.root, takeOverLock: values['take-over-lock'] };
  } catch {
    // What is wrong with the arguments is told by the usage.
    return null;
  }
}

function refuse(say: (line: string) => void): number {
  say(usage);
  return usageExitCode;
}

async function supervise(io: GuardProcess, guard: Guard): Promise<GuardEnd> {
  const listeners = passedOn.map((signal) => [signal, () => void guard.forward(signal)] as const);
  for (const [signal, listener] of listeners) io.on(signal, listener);
  try {
    return await guard.run();
  } finally {
    for (const [signal, listener] of listeners) io.off(signal, listener);
  }
}

/** Ends as the program ended: by the same signal, where it was one. */
async function exitAs(io: GuardProcess, { exitCode, signal }: GuardEnd): Promise<number> {
  if (signal === null) return exitCode ?? 0;
  const number = signalNumbers[signal] ?? 15;
  io.kill(io.pid, signal);
  // It may be one that does not end a process, or not at once.
  await new Promise((resolve) => setTimeout(resolve, 200));
  return 128 + number;
}

const signalNumbers: Partial<Record<NodeJS.Signals, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
};

function loggerTo(say: (line: string) => void): Logger {
  return { debug: () => undefined, info: say, warn: say, error: say };
}
