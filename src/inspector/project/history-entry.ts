import type { MoultError } from '../../errors/moult-error.js';
import { summarise } from '../../service/describe-task.js';
import type { TaskRecord } from '../../service/load-task.js';
import { isFinal, isResting } from '../../service/state-path.js';
import type { History, HistoryEntry } from '../protocol/improvement.js';

export function historyEntry(record: TaskRecord, lockIsHeld: boolean): HistoryEntry {
  const { files, ...summary } = summarise(record);
  return { ...summary, fileCount: files, activity: activityOf(summary.state, lockIsHeld) };
}

/** An improvement that cannot be read is in the history as well: a person has to know of it. */
export function unreadableEntry(taskId: string, { code, message, remedy }: MoultError): HistoryEntry {
  // The id is the time; the longest numbers are none.
  const createdAt = new Date(Math.min(Number(taskId.slice(3)), 8.64e15)).toISOString();
  return {
    taskId,
    description: '',
    status: 'unreadable',
    state: 'unreadable',
    activity: 'unreadable',
    risk: 'low',
    fileCount: 0,
    createdAt,
    updatedAt: createdAt,
    problem: { code, message, remedy },
  };
}

/** @param entries oldest first. */
export function historyOf(entries: readonly HistoryEntry[]): History {
  const count = (status: string) => entries.filter((entry) => entry.status === status).length;
  const [completed, rolledBack, rollbackFailed] = ['completed', 'rolled_back', 'rollback_failed'].map(count);
  const executed = completed! + rolledBack! + rollbackFailed!;
  return {
    improvements: [...entries].reverse(),
    figures: {
      total: entries.length,
      completed: completed!,
      rolledBack: rolledBack!,
      cancelled: count('cancelled'),
      rollbackFailed: rollbackFailed!,
      open: entries.filter(({ activity, status }) => isOpen(activity) && status !== 'rollback_failed').length,
      successRate: executed === 0 ? null : completed! / executed,
    },
  };
}

function isOpen(activity: HistoryEntry['activity']): boolean {
  return activity !== 'ended' && activity !== 'unreadable';
}

function activityOf(state: string, lockIsHeld: boolean): HistoryEntry['activity'] {
  if (isFinal(state)) return 'ended';
  if (isResting(state)) return 'waiting';
  return lockIsHeld ? 'working' : 'interrupted';
}
