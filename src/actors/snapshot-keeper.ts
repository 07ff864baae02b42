import type { Actor, AnyStateMachine } from 'xstate';
import type { improvementMachine } from '../../machines/improvement-machine.js';
import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import type { Fence } from '../store/fence.js';
import type { SnapshotEnvelope } from '../store/snapshot-envelope.js';

export type ImprovementActor = Actor<typeof improvementMachine>;
type KeptActor = Pick<Actor<AnyStateMachine>, 'subscribe' | 'getPersistedSnapshot'>;

/** A snapshot with its number and time, as it goes into its envelope. */
export type NumberedSnapshot = Pick<SnapshotEnvelope, 'revision' | 'savedAt' | 'snapshot'>;

interface Keeping {
  /** Resolves when it is on disk. */
  save: (snapshot: NumberedSnapshot) => Promise<void>;
  clock: Clock;
  logger: Logger;
  /** The revision on disk; 0 for none. */
  revision: number;
  fence: () => Fence;
}

/** Saves every snapshot of one actor, in order. Subscribe it before the actor starts. */
export class SnapshotKeeper {
  revision: number;
  private last: Promise<void> = Promise.resolve();
  private failure: Error | null = null;

  constructor(private readonly keeping: Keeping) {
    this.revision = keeping.revision;
  }

  follow(actor: KeptActor): void {
    actor.subscribe({ next: () => this.save(actor), error: () => undefined });
  }

  /** @throws STATE_NOT_SAVED where the newest snapshot could not be written. */
  async saved(): Promise<void> {
    // The subscriber that saves runs in the same tick in which the effect starts, but after it.
    await Promise.resolve();
    await this.last;
    if (this.failure !== null) throw this.failure;
  }

  private save(actor: KeptActor): void {
    const snapshot = actor.getPersistedSnapshot() as unknown as SnapshotEnvelope['snapshot'];
    this.revision += 1;
    const { clock } = this.keeping;
    const envelope = { revision: this.revision, savedAt: new Date(clock.now()).toISOString(), snapshot };
    this.last = this.last.then(() =>
      this.write(envelope).then(
        () => void (this.failure = null),
        (error: Error) => this.report(error),
      ),
    );
  }

  private async write(snapshot: NumberedSnapshot): Promise<void> {
    const { save, fence } = this.keeping;
    await fence().assertHeld();
    await save(snapshot);
  }

  private report(error: Error): void {
    this.failure = error;
    this.keeping.logger.error(`[moult] ${error.message}`);
  }
}
