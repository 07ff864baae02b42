import { MoultError } from '../errors/moult-error.js';
import type { Clock } from '../ports/clock.js';

interface Watched {
  clock: Clock;
  /** How the program ended, in words; null while it runs. */
  exit: () => string | null;
  exited: Promise<void>;
  /** Null where it is well; else what was seen. */
  look: () => Promise<string | null>;
  signal: AbortSignal;
}

const startPauseMs = 50;
const watchPauseMs = 500;
const endingMs = 300;

/** @throws PROGRAM_EXITED, PROGRAM_NOT_READY. No sign is a bad sign. */
export async function probeUntilReady(watched: Watched & { withinMs: number }): Promise<void> {
  const { clock, look, withinMs, signal } = watched;
  const deadline = clock.now() + withinMs;
  for (let last: string | null = null; ;) {
    signal.throwIfAborted();
    refuseExit(watched, 'before it was ready');
    last = await look();
    refuseExit(watched, 'before it was ready');
    if (last === null) return;
    if (clock.now() >= deadline)
      throw new MoultError('PROGRAM_NOT_READY', { withinMs, wanted: last, last: null });
    await pause(watched, startPauseMs);
  }
}

/** @throws PROGRAM_EXITED, PROGRAM_UNHEALTHY. */
export async function probeWhileWatched(watched: Watched & { forMs: number }): Promise<void> {
  const { clock, look, forMs, signal } = watched;
  const end = clock.now() + forMs;
  for (;;) {
    signal.throwIfAborted();
    refuseExit(watched, 'after it was ready, while it was watched');
    const reason = await look();
    refuseExit(watched, 'after it was ready, while it was watched');
    if (reason !== null) {
      // One that is just ending does not answer either, and its end says more.
      await pause(watched, endingMs);
      refuseExit(watched, 'after it was ready, while it was watched');
      throw new MoultError('PROGRAM_UNHEALTHY', { reason });
    }
    const rest = end - clock.now();
    if (rest <= 0) return;
    await pause(watched, Math.min(watchPauseMs, rest));
  }
}

function refuseExit({ exit }: Watched, phase: string): void {
  const how = exit();
  if (how !== null) throw new MoultError('PROGRAM_EXITED', { exit: how, phase });
}

/** No longer than the program runs, or anybody is interested. */
async function pause({ clock, exited, signal }: Watched, ms: number): Promise<void> {
  let stop = (): void => undefined;
  const slept = new Promise<void>((resolve) => {
    const unschedule = clock.schedule(ms, resolve);
    const end = () => resolve();
    signal.addEventListener('abort', end);
    stop = () => {
      unschedule();
      signal.removeEventListener('abort', end);
    };
  });
  await Promise.race([slept, exited]);
  stop();
}
