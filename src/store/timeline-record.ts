import type { Json } from './bounded-json.js';

/** Whose story it is; that of the improvement itself where nothing is said. */
interface Machine {
  machine?: 'restart';
}

/** What happened, as a line of `timeline.log` tells it. Without `at`, which the timeline adds. */
export type TimelineBody =
  | (Machine & MachineBody)
  | { kind: 'check'; phase: 'start'; name: string }
  | { kind: 'check'; phase: 'end'; name: string; status: string; durationMs: number }
  | { kind: 'notice'; milestone: string; title: string; message: string; urgency: string }
  /** The file has reached its bound; what came later is not in it. */
  | { kind: 'full' };

/** What a machine does. */
export type MachineBody =
  /** A process began to work on it. */
  | { kind: 'process'; pid: number; begins: 'new' | 'restored' | 'undo' }
  /** The machine was sent an event; `from` is the invoked actor it came from, null for the outside. */
  | { kind: 'event'; type: string; from: string | null; event: Json }
  /**
   * The machine came to a state. `edges` are the transitions that were taken (`transitionKey`), `changes` the keys of the
   * context with new values: all of them at the beginning of a process.
   */
  | {
      kind: 'state';
      state: string;
      event: string;
      edges: string[];
      changes: { [key: string]: Json };
    }
  /** An invoked actor begins or ends its work. */
  | { kind: 'effect'; phase: 'start'; actor: string }
  | {
      kind: 'effect';
      phase: 'end';
      actor: string;
      outcome: 'done' | 'failed' | 'stopped';
      durationMs: number;
      error?: { code: string; message: string };
    };

/** ISO 8601. */
export type TimelineRecord = { at: string } & TimelineBody;
