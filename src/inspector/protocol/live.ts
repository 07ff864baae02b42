import type { HistoryEntry } from './improvement.js';
import type { Json } from './session.js';
import type { TimelineEntry } from './timeline.js';

/**
 * Server-sent events. The name of the event is `type`, its data the JSON of the message. Those of type `entries` carry an
 * id, the cursor behind them: a browser sends the last one back when it reconnects, and nothing is lost. The other types
 * only say what has changed; at each connection they come for everything that is.
 *
 * Without `task`, only `hello`, `history` and `end` come (mode `actors`: `entries` and `actors` as well).
 */
export type LiveMessage =
  | {
      type: 'hello';
      protocol: number;
      /** A new one for each server: with another than before, everything is to be fetched again. */
      server: string;
    }
  /** New entries of the timeline, oldest first; from the beginning where no cursor was sent. */
  | { type: 'entries'; taskId: string | null; entries: TimelineEntry[]; cursor: string }
  /** Something of the improvement changed: fetch it again. */
  | { type: 'improvement'; taskId: string; entry: HistoryEntry }
  /** The log of a check has grown: fetch what is behind the bytes that are known. */
  | { type: 'log'; taskId: string; check: number; sizeBytes: number }
  /** The history changed: fetch it again. */
  | { type: 'history' }
  | { type: 'actors'; actors: ActorInfo[] }
  /** The server ends; reconnecting is of no use. */
  | { type: 'end'; reason: string };

/** An actor of the user. */
export interface ActorInfo {
  /** The session id of XState, or what stands for it. */
  id: string;
  parent: string | null;
  /** What it was made from: the id of its machine, or the source of the invoke. */
  name: string;
  /** Null where it is not a state machine. */
  chart: string | null;
  status: 'active' | 'done' | 'error' | 'stopped';
  state: string | null;
  active: string[];
  context: Json;
  /** Those its machine knows. */
  events: { type: string; canBeTaken: boolean }[];
}

export interface ActionRequest {
  /** Of the plan that was shown; required for `approve`. */
  digest?: string;
  why?: string;
  /** `rollback`: moves aside what somebody made of the files since, instead of refusing. */
  force?: boolean;
}

/** An event for an actor of the user; `xstate.*` is refused. */
export type SentEvent = { type: string } & { [key: string]: Json };

/** Refusals come as `Refusal` with their status. */
export interface ActionAnswer {
  done: true;
  /** What came of it, in a sentence. */
  message: string;
  /** Where the improvement stands now; null for an actor of the user. */
  state: string | null;
}
