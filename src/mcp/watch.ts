import type { ImprovementDetails } from '../service/describe-task.js';
import { isFinal } from '../service/state-path.js';

export interface WatchOptions {
  waitMs: number;
  /** Nobody waits any more. */
  signal?: AbortSignal;
  /** Told each look at it. */
  onLook?: (details: ImprovementDetails) => void;
}

const everyMs = 200;

/** Waits for improvements, whichever process carries them out. Everybody who waits for the same one shares each look. */
export class Watch {
  private readonly looks = new Map<string, Promise<ImprovementDetails>>();

  constructor(private readonly look: (taskId: string) => Promise<ImprovementDetails>) {}

  /** Resolves when it has ended, can be executed or needs a person's hand, or when the time is over. */
  async untilDecided(
    details: ImprovementDetails,
    { waitMs, signal, onLook }: WatchOptions,
  ): Promise<ImprovementDetails> {
    const until = performance.now() + waitMs;
    let seen = details;
    onLook?.(seen);
    while (!isDecided(seen) && performance.now() < until && signal?.aborted !== true) {
      seen = await this.nextLook(seen.taskId);
      onLook?.(seen);
    }
    return seen;
  }

  private nextLook(taskId: string): Promise<ImprovementDetails> {
    const shared = this.looks.get(taskId);
    if (shared) return shared;
    const look = new Promise((resolve) => setTimeout(resolve, everyMs))
      .then(() => this.look(taskId))
      .finally(() => this.looks.delete(taskId));
    this.looks.set(taskId, look);
    return look;
  }
}

/** Nothing more will change by itself, and nobody is being waited for. */
function isDecided({ state, interrupted }: ImprovementDetails): boolean {
  return isFinal(state) || state === 'planning.ready' || state === 'rollback_failed' || interrupted;
}
