import type { RestartAnswer } from '../../machines/improvement-types.js';

/** What the host is asked when an improvement needs a restart. */
export interface RestartRequest {
  taskId: string;
  reason: string;
  delayMs: number;
  /** The seed's field: whether a person should be told. */
  notifySlack: boolean;
}

/** How the host restarts its program. The engine only asks; it never ends a process of the host. */
export interface RestartPort {
  /**
   * Called at most once for an improvement, unless `isRepeatable`. What it throws is reported; the change stays.
   *
   * @returns whether the restart itself will confirm the improvement or take it back. Default: it will not.
   */
  scheduleRestart(request: RestartRequest): Promise<RestartAnswer | void> | RestartAnswer | void;
  /** Asking again for the same improvement does no harm, so a crash between question and answer is made good. */
  readonly isRepeatable?: boolean;
}
