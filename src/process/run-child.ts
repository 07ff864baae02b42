import type { ChildProcess } from 'node:child_process';
import type { Spawner } from '../ports/spawner.js';
import { BoundedBytes } from './bounded-bytes.js';
import { childEnvironment } from './child-environment.js';
import { groupOptions, killGroup } from './kill-group.js';

export interface ChildRequest {
  command: string;
  args: readonly string[];
  cwd: string;
  /** Changes to the inherited environment; `undefined` removes a name. */
  env?: Record<string, string | undefined>;
  /** Names of the inherited environment to drop. */
  removeEnv?: (name: string) => boolean;
  /** Bytes for standard input, which is closed after them. Default: nothing to read. */
  stdin?: Uint8Array;
  /** After this long the child is ended. */
  timeoutMs: number;
  /** Ends the child when aborted. */
  signal?: AbortSignal;
  /** Time between SIGTERM and SIGKILL. Default 5,000. */
  killAfterMs?: number;
  /** How much of each stream is kept in memory; the rest is read and dropped. Default 64 MiB. */
  maxOutputBytes?: number;
  /** Which end of a longer stream is kept. Default `head`. */
  keep?: 'head' | 'tail';
  /** Called with everything the child writes, also with what is not kept. */
  onOutput?: (chunk: Uint8Array, stream: 'stdout' | 'stderr') => void;
}

export interface ChildOutcome {
  /** Null where the child was ended by a signal, or did not run. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: Buffer;
  stderr: Buffer;
  /** More was written to one of the streams than is kept. */
  truncated: boolean;
  timedOut: boolean;
  aborted: boolean;
  durationMs: number;
  /** Why the child could not be started, as ENOENT; otherwise null. */
  startError: NodeJS.ErrnoException | null;
}

const defaultKillAfterMs = 5_000;
const defaultMaxOutputBytes = 64 * 1024 * 1024;
/** How long output is waited for after the child's end: a grandchild may hold the pipe open for ever. */
const drainMs = 200;
/** How long the end is waited for after SIGKILL: a process in an uninterruptible call may not die. */
const giveUpAfterMs = 5_000;
/** Timers fire at once for longer times. */
const longestTimerMs = 2 ** 31 - 1;
/** The child closed its standard input unread, which is its good right. */
const closedInputCodes = new Set(['EPIPE', 'ECONNRESET', 'EOF', 'ERR_STREAM_DESTROYED']);

/**
 * Runs one program to its end, in a process group of its own of which nothing is left afterwards.
 *
 * Every end is a value, also that the program could not be started. Rejects only with what `onOutput` threw, or where
 * the pipes to the child break.
 */
export function runChild(spawn: Spawner, request: ChildRequest): Promise<ChildOutcome> {
  return new Promise((resolve, reject) => new ChildRun(spawn, request, resolve, reject).start());
}

class ChildRun {
  readonly #startedAt = performance.now();
  readonly #stdout: BoundedBytes;
  readonly #stderr: BoundedBytes;
  #child: ChildProcess | null = null;
  #timer: NodeJS.Timeout | undefined;
  #ending = false;
  #exited = false;
  #settled = false;
  #timedOut = false;
  #aborted = false;
  #exitCode: number | null = null;
  #signal: NodeJS.Signals | null = null;
  #startError: NodeJS.ErrnoException | null = null;
  #failure: { error: Error } | null = null;

  constructor(
    private readonly spawn: Spawner,
    private readonly request: ChildRequest,
    private readonly resolve: (outcome: ChildOutcome) => void,
    private readonly reject: (error: Error) => void,
  ) {
    const { maxOutputBytes = defaultMaxOutputBytes, keep = 'head' } = request;
    this.#stdout = new BoundedBytes(maxOutputBytes, keep);
    this.#stderr = new BoundedBytes(maxOutputBytes, keep);
  }

  start(): void {
    if (this.request.signal?.aborted === true) {
      this.#aborted = true;
      return this.#settle();
    }
    const child = this.#spawnChild();
    if (child === null) return this.#settle();
    this.#child = child;
    this.#listen(child);
    this.#writeInput(child);
    this.request.signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#wait(this.request.timeoutMs, () => {
      this.#timedOut = true;
      this.#end();
    });
  }

  /** Some start errors are thrown (E2BIG, ENOTDIR), others come as an event. */
  #spawnChild(): ChildProcess | null {
    const { command, args, cwd, stdin } = this.request;
    try {
      return this.spawn(command, args, {
        ...groupOptions,
        cwd,
        env: childEnvironment(this.request),
        stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      });
    } catch (error) {
      if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
      this.#startError = error as NodeJS.ErrnoException;
      return null;
    }
  }

  #listen(child: ChildProcess): void {
    child.once('exit', this.#onExit);
    child.once('close', () => this.#settle());
    child.on('error', (error) => {
      if (child.pid !== undefined) return this.#fail(error);
      this.#startError = error;
      this.#settle();
    });
    // With no descriptors left there is a child object without streams; its error event follows.
    child.stdout?.on('data', (chunk: Buffer) => this.#take(chunk, 'stdout'));
    child.stderr?.on('data', (chunk: Buffer) => this.#take(chunk, 'stderr'));
    child.stdout?.on('error', (error) => this.#fail(error));
    child.stderr?.on('error', (error) => this.#fail(error));
  }

  #writeInput(child: ChildProcess): void {
    if (this.request.stdin === undefined) return;
    child.stdin?.on('error', (error: NodeJS.ErrnoException) => {
      if (!closedInputCodes.has(error.code ?? '')) this.#fail(error);
    });
    child.stdin?.end(this.request.stdin);
  }

  #take(chunk: Buffer, stream: 'stdout' | 'stderr'): void {
    (stream === 'stdout' ? this.#stdout : this.#stderr).append(chunk);
    try {
      this.request.onOutput?.(chunk, stream);
    } catch (error) {
      this.#fail(error);
    }
  }

  readonly #onAbort = () => {
    if (this.#exited) return;
    this.#aborted = true;
    this.#end();
  };

  /** SIGTERM to the group, SIGKILL for those who stay, and then no more waiting. */
  #end(): void {
    if (this.#ending || this.#exited) return;
    this.#ending = true;
    this.#kill('SIGTERM');
    this.#wait(this.request.killAfterMs ?? defaultKillAfterMs, () => this.#endForGood());
  }

  #endForGood(): void {
    this.#ending = true;
    this.#kill('SIGKILL');
    this.#wait(giveUpAfterMs, () => this.#settle());
  }

  /** The group is swept at once: later its number might belong to somebody else. */
  readonly #onExit = (exitCode: number | null, signal: NodeJS.Signals | null) => {
    this.#exited = true;
    this.#exitCode = exitCode;
    this.#signal = signal;
    this.#kill('SIGKILL');
    // One more turn of the event loop, to read what arrived while the loop was busy.
    this.#wait(drainMs, () => setImmediate(() => this.#settle()));
  };

  #fail(error: unknown): void {
    this.#failure ??= { error: error instanceof Error ? error : new Error(String(error)) };
    if (!this.#exited) this.#endForGood();
  }

  #kill(signal: NodeJS.Signals): void {
    if (this.#child !== null) killGroup(this.spawn, this.#child, signal);
  }

  /** There is one thing to wait for at any time: the timeout, the grace, the end, or the last output. */
  #wait(delayMs: number, then: () => void): void {
    clearTimeout(this.#timer);
    if (!this.#settled) this.#timer = setTimeout(then, Math.min(delayMs, longestTimerMs));
  }

  #settle(): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.request.signal?.removeEventListener('abort', this.#onAbort);
    this.#release();
    if (this.#failure === null) this.resolve(this.#outcome());
    else this.reject(this.#failure.error);
  }

  #release(): void {
    const child = this.#child;
    if (child === null) return;
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
    if (!this.#exited) child.unref();
  }

  #outcome(): ChildOutcome {
    return {
      exitCode: this.#exitCode,
      signal: this.#signal,
      stdout: this.#stdout.toBuffer(),
      stderr: this.#stderr.toBuffer(),
      truncated: this.#stdout.truncated || this.#stderr.truncated,
      timedOut: this.#timedOut,
      aborted: this.#aborted,
      durationMs: Math.round(performance.now() - this.#startedAt),
      startError: this.#startError,
    };
  }
}
