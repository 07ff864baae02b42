import type { TimelineEntry } from '../../protocol/timeline.js';
import { readableEvent } from '../moments/summarise-entry.js';
import type { Tone } from '../moments/state-look.js';

/** One line between two lanes, or a note on one. */
export interface SequenceRow {
  /** Position in the timeline. */
  index: number;
  from: string;
  to: string;
  text: string;
  kind: 'message' | 'start' | 'end' | 'state';
  tone: Tone;
}

export interface Sequence {
  /** In the order in which they first had a part. */
  lanes: string[];
  rows: SequenceRow[];
}

const outside = 'outside';

/** Who said what to whom, from a timeline. */
export function sequenceRows(entries: readonly TimelineEntry[]): Sequence {
  const lanes = new Set<string>();
  const rows: SequenceRow[] = [];
  let machine: string | null = null;
  entries.forEach((entry, index) => {
    const row = rowOf(entry, machine);
    if (entry.kind === 'state') machine = entry.actor;
    if (!row) return;
    lanes.add(row.from);
    lanes.add(row.to);
    rows.push({ index, ...row });
  });
  return { lanes: [...lanes], rows };
}

function rowOf(entry: TimelineEntry, machine: string | null): Omit<SequenceRow, 'index'> | null {
  switch (entry.kind) {
    case 'event':
      return {
        from: entry.from ?? outside,
        to: entry.actor,
        text: readableEvent(entry.type),
        kind: 'message',
        tone: /^xstate\.error\./.test(entry.type) ? 'bad' : 'run',
      };
    case 'state':
      return { from: entry.actor, to: entry.actor, text: entry.state, kind: 'state', tone: 'good' };
    case 'effect': {
      // A good end comes as an event of its own.
      if (entry.phase === 'end' && entry.outcome === 'done') return null;
      const isStart = entry.phase === 'start';
      const to = isStart ? entry.actor : entry.of;
      const from = isStart ? entry.of : entry.actor;
      const tone = entry.outcome === 'failed' ? 'bad' : 'idle';
      return { from, to, text: isStart ? 'start' : (entry.outcome ?? 'done'), kind: entry.phase, tone };
    }
    case 'check':
      return {
        from: entry.phase === 'start' ? 'runChecks' : 'checks',
        to: entry.phase === 'start' ? 'checks' : 'runChecks',
        text: `${entry.name}${entry.phase === 'start' ? '' : ` ${(entry.status ?? 'end').replaceAll('_', ' ')}`}`,
        kind: entry.phase,
        tone: entry.phase === 'end' && entry.status !== 'passed' ? 'bad' : 'idle',
      };
    case 'notice':
      return { from: machine ?? outside, to: 'notifier', text: entry.title, kind: 'message', tone: 'idle' };
    case 'process':
    case 'journal':
    case 'full':
      return null;
  }
}
