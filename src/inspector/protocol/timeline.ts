import type { CheckView } from './improvement.js';
import type { Json } from './session.js';

interface Entry {
  /** Unique in its timeline, and the same whenever it is read. */
  key: string;
  at: string;
}

/** A process began to work on the improvement, or on its restart. */
export interface ProcessEntry extends Entry {
  kind: 'process';
  /** Whose story it took up. */
  actor: string;
  pid: number;
  begins: 'new' | 'restored' | 'undo';
}

/** An actor was sent an event. `from` is null where it came from outside. */
export interface EventEntry extends Entry {
  kind: 'event';
  type: string;
  actor: string;
  from: string | null;
  /** The event itself, shortened where it is long. */
  event: Json;
}

/** An actor came to a state. */
export interface StateEntry extends Entry {
  kind: 'state';
  actor: string;
  chart: string;
  /** `implementing.applying`. */
  state: string;
  /** Ids of the active nodes of the chart. */
  active: string[];
  /** Ids of the edges that were taken to come here. */
  edges: string[];
  /** What made it come here. */
  event: string | null;
  /** Keys of the context with their new values; all of them at the beginning of a process. */
  changes: { [key: string]: Json };
  /** Keys that are gone. */
  removed: string[];
}

/** An invoked actor starts, or ends. */
export interface EffectEntry extends Entry {
  kind: 'effect';
  phase: 'start' | 'end';
  actor: string;
  /** By whom it was invoked. */
  of: string;
  outcome?: 'done' | 'failed' | 'stopped';
  durationMs?: number;
  error?: { code: string; message: string };
}

/** A line of the journal. */
export interface JournalEntry extends Entry {
  kind: 'journal';
  type: string;
  /** Position of the file in the plan; null where the line is about the whole improvement. */
  index: number | null;
  path: string | null;
}

export interface CheckEntry extends Entry {
  kind: 'check';
  phase: 'start' | 'end';
  /** Position of the check in the plan. */
  check: number;
  name: string;
  status?: CheckView['status'];
  durationMs?: number;
}

export interface NoticeEntry extends Entry {
  kind: 'notice';
  milestone: string;
  title: string;
  message: string;
  urgency: 'low' | 'normal' | 'high' | 'critical';
}

/** The timeline has reached its bound; what came later is not in it. */
export interface FullEntry extends Entry {
  kind: 'full';
}

export type TimelineEntry =
  ProcessEntry | EventEntry | StateEntry | EffectEntry | JournalEntry | CheckEntry | NoticeEntry | FullEntry;

export interface TimelinePage {
  /** Oldest first. */
  entries: TimelineEntry[];
  /** Behind the last entry; what `after` and the ids of live messages are. */
  cursor: string;
  /** There is more behind the cursor already. */
  more: boolean;
}
