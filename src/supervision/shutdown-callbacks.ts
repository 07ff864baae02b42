import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';

/** What a program does before it is restarted: answer what is under way, flush, close. */
export type ShutdownCallback = (shutdown: {
  reason: string;
  /** Milliseconds since the epoch: nobody waits longer. */
  deadline: number;
}) => Promise<void> | void;

interface Registered {
  callback: ShutdownCallback;
  timeoutMs: number;
}

/** The callbacks of one program. The one that was registered last runs first, as what it was built on is still there. */
export class ShutdownCallbacks {
  private readonly registered = new Set<Registered>();

  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** The returned function takes it back. */
  add(callback: ShutdownCallback, timeoutMs = Infinity): () => void {
    const entry = { callback, timeoutMs };
    this.registered.add(entry);
    return () => void this.registered.delete(entry);
  }

  /** Runs them one after the other. One that throws or takes too long is reported, and the next one runs. */
  async run(reason: string, withinMs: number): Promise<void> {
    const end = this.clock.now() + withinMs;
    for (const { callback, timeoutMs } of [...this.registered].reverse()) {
      const deadline = Math.min(end, this.clock.now() + timeoutMs);
      try {
        await this.inTime(deadline, async () => callback({ reason, deadline }));
      } catch (error) {
        this.logger.warn(`[moult] a shutdown callback failed: ${(error as Error).message}`);
      }
    }
  }

  private inTime(deadline: number, work: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error('it took too long'));
      const unschedule = this.clock.schedule(Math.max(0, deadline - this.clock.now()), late);
      work().then(resolve, reject).finally(unschedule);
    });
  }
}
