import type { TimelineEntry } from '../../protocol/timeline.js';
import { stateLook, type Tone } from '../moments/state-look.js';

/** Entries in which one state lasted: from `from` to before `to`. */
export interface StateSpan {
  from: number;
  to: number;
  state: string;
  tone: Tone;
}

/** A timeline as a row of states. */
export function stateSpans(entries: readonly TimelineEntry[]): StateSpan[] {
  const spans: StateSpan[] = [];
  entries.forEach((entry, index) => {
    if (entry.kind !== 'state') return;
    const last = spans.at(-1);
    if (last) last.to = index;
    spans.push({
      from: last ? index : 0,
      to: entries.length,
      state: entry.state,
      tone: stateLook(entry.state).tone,
    });
  });
  return spans;
}
