import type { Chart } from './protocol/chart.js';
import type { ActionAnswer, LiveMessage } from './protocol/live.js';
import type { Json, Session } from './protocol/session.js';

/** A live message; with a cursor, the place in the timeline behind it. */
export type Send = (message: LiveMessage, cursor?: string) => void;

/** What an inspector shows: the improvements of a project, or actors of the user. */
export interface Source {
  session: Pick<Session, 'mode' | 'title' | 'task'>;
  /**
   * @param address the parts behind `api`.
   * @throws INSPECTOR_UNKNOWN and whatever keeps it from being read.
   */
  answer(address: readonly string[], query: URLSearchParams): Promise<unknown>;
  /** @throws ACTIONS_OFF, INSPECTOR_UNKNOWN, INSPECTOR_REQUEST_INVALID, and what the service throws. */
  act(address: readonly string[], body: Json): Promise<ActionAnswer>;
  /** Tells what is, then what happens, until the signal ends it. */
  follow(
    wanted: { task: string | null; after: string | null },
    send: Send,
    signal: AbortSignal,
  ): Promise<void>;
  chart(id: string): Promise<Chart>;
}
