import type { ChildProcess, StdioOptions } from 'node:child_process';
import { basename } from 'node:path';
import { MoultError } from '../errors/moult-error.js';
import type { Spawner } from '../ports/spawner.js';
import { childEnvironment } from './child-environment.js';
import { identityOf, type ProcessIdentity } from './process-identity.js';

export interface ProgramRequest {
  command: string;
  args: readonly string[];
  cwd: string;
  /** Changes to the inherited environment; `undefined` removes a name. */
  env: Record<string, string | undefined>;
}

/** What a child may say over its channel. */
interface ChildMessage {
  type?: unknown;
}

/** How long the end is waited for after SIGKILL: a process in an uninterruptible call may not die. */
const giveUpAfterMs = 10_000;

/**
 * One run of the program: its input and output are those of this process. In a terminal it shares the process group, so
 * that it can read from it; elsewhere it gets a group of its own, with which what it started is ended.
 */
export class ChildProgram {
  /** Null where it could not be started. */
  readonly identity: ProcessIdentity | null;
  /** In words, as `exited with code 1`; null while it runs. */
  exit: string | null = null;
  exitCode: number | null = null;
  signal: NodeJS.Signals | null = null;
  /** It said so by a message. */
  isReady = false;
  /** It told that it answers a message that asks it to drain. */
  drains = false;
  readonly exited: Promise<void>;
  private readonly hasOwnGroup: boolean;
  private readonly drained = new Set<() => void>();

  private constructor(private readonly child: ChildProcess) {
    this.hasOwnGroup = ownsGroup();
    this.identity = child.pid === undefined ? null : identityOf(child.pid);
    this.exited = new Promise((resolve) => {
      const end = (exit: string) => {
        this.exit ??= exit;
        resolve();
      };
      child.once('error', (error) => {
        if (child.pid === undefined) end(`could not be started: ${error.message}`);
      });
      child.once('exit', (code, signal) => {
        this.exitCode = code;
        this.signal = signal;
        end(signal === null ? `exited with code ${code}` : `was ended by ${signal}`);
      });
    });
    child.on('error', () => undefined);
    child.on('message', (message) => this.hear(message as ChildMessage));
  }

  static start(spawn: Spawner, { command, args, cwd, env }: ProgramRequest): ChildProgram {
    const stdio: StdioOptions = ['inherit', 'inherit', 'inherit'];
    if (speaksIpc(command)) stdio.push('ipc');
    return new ChildProgram(
      spawn(command, args, {
        cwd,
        env: childEnvironment({ env: { NODE_CHANNEL_FD: undefined, ...env } }),
        stdio,
        detached: ownsGroup(),
        windowsHide: true,
      }),
    );
  }

  get isRunning(): boolean {
    return this.exit === null;
  }

  /** Passes a signal on. */
  forward(signal: NodeJS.Signals): void {
    // In a terminal, Ctrl-C has reached the whole group already.
    if (!this.hasOwnGroup && signal === 'SIGINT') return;
    if (this.isRunning) this.child.kill(signal);
  }

  /** Asks it to answer what is under way. Resolves when it says that it has, when it exits, or in time. */
  async drain(withinMs: number): Promise<void> {
    if (!this.isRunning) return;
    let finish = (): void => undefined;
    const drained = new Promise<void>((resolve) => (finish = resolve));
    this.drained.add(finish);
    if (this.drains && this.child.connected)
      this.child.send({ type: 'moult:drain', withinMs }, () => undefined);
    else this.child.kill('SIGTERM');
    await within(withinMs, Promise.race([drained, this.exited]));
    this.drained.delete(finish);
  }

  /** SIGTERM, SIGKILL for one that stays, and nothing of its group is left. @throws PROGRAM_NOT_STOPPED. */
  async stop(graceMs: number): Promise<void> {
    if (this.isRunning) {
      this.kill('SIGTERM');
      await within(graceMs, this.exited);
    }
    this.kill('SIGKILL');
    await within(giveUpAfterMs, this.exited);
    if (this.isRunning) throw new MoultError('PROGRAM_NOT_STOPPED', { pid: this.child.pid ?? 0 });
    if (this.child.connected) this.child.disconnect();
  }

  private kill(signal: NodeJS.Signals): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    if (!this.hasOwnGroup) {
      if (this.isRunning) this.child.kill(signal);
      return;
    }
    try {
      process.kill(-pid, signal);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // EPERM: macOS says so of a group of zombies.
      if (code !== 'ESRCH' && code !== 'EPERM') throw error;
    }
  }

  private hear(message: ChildMessage | string | null): void {
    const type = typeof message === 'string' ? message : message?.type;
    if (type === 'ready') this.isReady = true;
    if (type === 'moult:drains') this.drains = true;
    if (type === 'moult:drained') for (const finish of this.drained) finish();
  }
}

/** A channel that the child does not know would be one more open file to it; `tsx` passes it on. */
function speaksIpc(command: string): boolean {
  return command === process.execPath || /^(node|nodejs|tsx)(\.exe|\.cmd)?$/.test(basename(command));
}

/** A group in the background may not read from the terminal. */
function ownsGroup(): boolean {
  return process.platform !== 'win32' && !process.stdin.isTTY;
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, late]);
  clearTimeout(timer);
}
