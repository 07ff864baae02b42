import type { TimelineEntry } from '../../protocol/timeline.js';
import type { IconName } from '../elements/icon-paths.js';
import { stateLook, type Tone } from './state-look.js';

export interface EntrySummary {
  icon: IconName;
  tone: Tone;
  /** The kind in a word, for who cannot see the icon. */
  kind: string;
  title: string;
  detail: string;
  durationMs: number | null;
}

/** One entry of a timeline in one line. */
export function summariseEntry(entry: TimelineEntry): EntrySummary {
  const summary = { detail: '', durationMs: null };
  switch (entry.kind) {
    case 'process': {
      const title = { new: 'Started', restored: 'Taken up again', undo: 'Undo started' }[entry.begins];
      return {
        ...summary,
        icon: 'gear',
        tone: 'idle',
        kind: 'process',
        title,
        detail: `${entry.actor} in process ${entry.pid}`,
      };
    }
    case 'event': {
      const detail = `to ${entry.actor} from ${entry.from ?? 'outside'}`;
      return {
        ...summary,
        icon: 'bolt',
        tone: 'wait',
        kind: 'event',
        title: readableEvent(entry.type),
        detail,
      };
    }
    case 'state': {
      const { icon, tone } = stateLook(entry.state);
      const detail = entry.event === null ? '' : `by ${readableEvent(entry.event)}`;
      return { ...summary, icon, tone, kind: 'state', title: entry.state, detail };
    }
    case 'effect':
      return entry.phase === 'start'
        ? { ...summary, icon: 'play', tone: 'run', kind: 'effect', title: entry.actor, detail: 'starts' }
        : {
            ...summary,
            ...effectEnd(entry.outcome),
            kind: 'effect',
            title: entry.actor,
            ...endDetail(entry),
          };
    case 'journal': {
      const title = journalTitles[entry.type] ?? entry.type;
      return { ...summary, icon: 'list', tone: 'idle', kind: 'journal', title, detail: entry.path ?? '' };
    }
    case 'check':
      return entry.phase === 'start'
        ? { ...summary, icon: 'play', tone: 'run', kind: 'check', title: entry.name, detail: 'starts' }
        : {
            ...summary,
            ...checkEnd(entry.status),
            kind: 'check',
            title: entry.name,
            durationMs: entry.durationMs ?? null,
          };
    case 'notice':
      return {
        ...summary,
        icon: 'bell',
        tone: 'idle',
        kind: 'notice',
        title: entry.title,
        detail: entry.message.trim().replace(/\s*\n\s*/g, ' · '),
      };
    case 'full':
      return {
        ...summary,
        icon: 'warning',
        tone: 'wait',
        kind: 'end',
        title: 'The timeline is full',
        detail: 'what came later is not in it',
      };
  }
}

const journalTitles: Record<string, string> = {
  'before-image': 'Before-image kept',
  intent: 'Intent',
  'directory-intent': 'Intent (folder)',
  outcome: 'Outcome',
  conflict: 'Conflict',
  sealed: 'Sealed',
  'restart-asked': 'Restart asked for',
  resumed: 'Resumed',
};

/** `xstate.done.actor.rollBack` as people read it: `rollBack done`. */
export function readableEvent(type: string): string {
  const [, outcome, actor] = /^xstate\.(done|error)\.actor\.(.+)$/.exec(type) ?? [];
  if (outcome !== undefined) return `${actor} ${outcome === 'done' ? 'done' : 'failed'}`;
  return type === 'xstate.init' ? 'start' : type;
}

function effectEnd(outcome: string | undefined): Pick<EntrySummary, 'icon' | 'tone'> {
  if (outcome === 'failed') return { icon: 'cross', tone: 'bad' };
  return outcome === 'stopped' ? { icon: 'stop', tone: 'idle' } : { icon: 'check', tone: 'good' };
}

function endDetail({
  outcome = 'done',
  error,
  durationMs,
}: Extract<TimelineEntry, { kind: 'effect' }>): Pick<EntrySummary, 'detail' | 'durationMs'> {
  return { detail: error ? `${error.code}: ${error.message}` : outcome, durationMs: durationMs ?? null };
}

function checkEnd(status: string | undefined): Pick<EntrySummary, 'icon' | 'tone' | 'detail'> {
  if (status === 'passed') return { icon: 'check', tone: 'good', detail: 'passed' };
  return { icon: 'cross', tone: 'bad', detail: (status ?? 'not run').replaceAll('_', ' ') };
}
