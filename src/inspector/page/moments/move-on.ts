import type { Json } from '../../protocol/session.js';
import type { JournalEntry, StateEntry, TimelineEntry } from '../../protocol/timeline.js';
import type { FileStanding, Moment } from './moment.js';

/** Moves a moment on by one entry. `indexOf` finds a planned file by its path. */
export function moveOn(
  moment: Moment,
  entry: TimelineEntry,
  indexOf: (path: string) => number | undefined,
): void {
  moment.index += 1;
  moment.at = entry.at;
  switch (entry.kind) {
    case 'state':
      arrive(moment, entry);
      readRollback(moment, entry.changes.rollback, indexOf);
      break;
    case 'journal':
      readJournal(moment, entry);
      break;
    case 'check':
      moment.checks.set(entry.check, entry.phase === 'start' ? 'running' : (entry.status ?? 'not_run'));
      break;
    case 'effect':
      if (entry.phase === 'start') moment.atWork.set(entry.actor, entry.of);
      else moment.atWork.delete(entry.actor);
      break;
    case 'process':
      // What an earlier process was at ended with it.
      for (const [effect, of] of moment.atWork) if (of === entry.actor) moment.atWork.delete(effect);
      break;
    case 'event':
    case 'notice':
    case 'full':
      break;
  }
}

function arrive(moment: Moment, entry: StateEntry): void {
  const known = moment.actors.get(entry.actor);
  const context: Record<string, Json> = { ...known?.context, ...entry.changes };
  for (const key of entry.removed) delete context[key];
  const path = known?.path ?? new Set<string>();
  for (const id of [...entry.active, ...entry.edges]) path.add(id);
  moment.actors.set(entry.actor, {
    chart: entry.chart,
    state: entry.state,
    active: entry.active,
    arrived: entry.edges,
    path,
    context,
    contextBefore: known?.context ?? null,
  });
  moment.lastActor = entry.actor;
}

const standings: Record<string, FileStanding> = {
  'before-image': 'saved',
  intent: 'changing',
  outcome: 'changed',
  conflict: 'conflict',
};

function readJournal({ files }: Moment, { type, index }: JournalEntry): void {
  const standing = Object.hasOwn(standings, type) ? standings[type] : undefined;
  if (standing !== undefined && index !== null) files.set(index, standing);
}

/** A rollback writes no journal of its own: its report says how each path stands. */
function readRollback(
  { files }: Moment,
  report: Json | undefined,
  indexOf: (path: string) => number | undefined,
): void {
  if (typeof report !== 'object' || report === null || Array.isArray(report)) return;
  const set = (list: Json | undefined, standing: FileStanding): void => {
    for (const item of Array.isArray(list) ? list : []) {
      const path = typeof item === 'object' && item !== null && 'path' in item ? item.path : item;
      const index = typeof path === 'string' ? indexOf(path) : undefined;
      if (index !== undefined) files.set(index, standing);
    }
  };
  set(report.restored, 'restored');
  set(report.kept, 'kept');
  set(report.failed, 'not_restored');
}
