import type { JSX } from 'preact';
import type { HistoryEntry } from '../../protocol/improvement.js';
import { count } from '../../../wording/count.js';
import { Badge } from '../elements/badge.js';
import { dayAndTime } from '../text/day-and-time.js';
import { visible } from '../text/visible.js';

export function HistoryRow({ entry }: { entry: HistoryEntry }): JSX.Element {
  const { state, activity, problem } = entry;
  const last = state.split('.').at(-1) ?? state;
  const isBad = activity === 'interrupted' || activity === 'unreadable';
  return (
    <>
      <span class="file-text">
        <span class="cut history-words">{visible(entry.description)}</span>
        <span class="cut muted">
          <code>{entry.taskId}</code> · {count(entry.fileCount, 'file')} · {dayAndTime(entry.createdAt)}
          {problem ? ` · ${visible(problem.message)}` : ''}
        </span>
      </span>
      <span class="badges">
        {entry.risk === 'low' ? null : <Badge of={entry.risk} text={`${entry.risk} risk`} />}
        {isBad ? (
          <Badge of="" text={activity} look={{ tone: 'bad', icon: 'warning' }} />
        ) : (
          <Badge of={last} />
        )}
      </span>
    </>
  );
}
