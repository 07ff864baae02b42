import { MoultError } from '../errors/moult-error.js';

/** Told when an effect begins its work and when that has ended, well or not. */
export type EffectListener = (name: string, work: Promise<unknown>) => void;

/**
 * Runs the effects of one improvement, one at a time, and each only when the snapshot of its state is on disk.
 *
 * A CANCEL leaves `applying` at once, while its actor still finishes a file; the rollback that follows must not start
 * before. And an actor's body starts before the machine's subscribers have seen the new state, so it has to wait for
 * the snapshot they save.
 */
export class EffectRunner {
  private last: Promise<unknown> = Promise.resolve();
  private gate: Promise<void> = Promise.resolve();
  private open: () => void = () => undefined;
  private giveUp: (error: unknown) => void = () => undefined;
  /** Rejects with LOCK_LOST when an effect finds that another process has taken over. */
  readonly superseded: Promise<never>;

  constructor(
    private readonly snapshotIsSaved: () => Promise<void>,
    private readonly listener: EffectListener = () => undefined,
  ) {
    this.superseded = new Promise((_, reject) => (this.giveUp = reject));
    // Nobody may be waiting.
    this.superseded.catch(() => undefined);
  }

  /** Holds back what has not begun, so that a restored task can be sent elsewhere before its effect is run again. */
  hold(): void {
    this.gate = new Promise((resolve) => (this.open = resolve));
  }

  release(): void {
    this.open();
  }

  /** @param signal aborted when the machine has left the state: an effect that has not begun never does. */
  async run<Output>(
    name: string,
    effect: (signal: AbortSignal) => Promise<Output>,
    signal: AbortSignal,
    options?: { evenUnsaved?: boolean },
  ): Promise<Output> {
    const previous = this.last;
    const turn = previous.then(async () => {
      await this.gate;
      signal.throwIfAborted();
      await this.snapshotIsSaved().catch((error: unknown) => {
        if (!options?.evenUnsaved) throw error;
      });
      signal.throwIfAborted();
      const work = effect(signal);
      this.listener(name, work);
      return work;
    });
    this.last = turn.catch(() => undefined);
    return turn.catch((error: unknown) => this.unlessSuperseded(error));
  }

  /**
   * The improvement is in other hands, and what becomes of it is theirs to say: the effect never comes to an end here, and
   * the machine stays where it stood.
   */
  private unlessSuperseded(error: unknown): Promise<never> {
    if (!(error instanceof MoultError) || error.code !== 'LOCK_LOST') throw error;
    this.giveUp(error);
    return new Promise(() => undefined);
  }

  /** Resolves when nothing is running any more. */
  async idle(): Promise<void> {
    await this.last;
  }
}
