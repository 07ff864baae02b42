import type { HistoryEntry } from '../../protocol/improvement.js';

const ends = ['completed', 'rolled_back', 'cancelled', 'rollback_failed'] as const;
export type StatusFilter = 'any' | 'open' | (typeof ends)[number];

/** Those in which every word is found, in any place. */
export function searchHistory(
  entries: readonly HistoryEntry[],
  words: string,
  status: StatusFilter,
): HistoryEntry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    if (!hasStatus(entry, status)) return false;
    const text = `${entry.description} ${entry.taskId} ${entry.state}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

function hasStatus(entry: HistoryEntry, status: StatusFilter): boolean {
  if (status === 'any') return true;
  if (status === 'open') return !(ends as readonly string[]).includes(entry.status);
  return entry.status === status;
}
