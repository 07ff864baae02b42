import type { JSX } from 'preact';
import { Icon } from '../elements/icon.js';
import type { EntrySummary } from '../moments/summarise-entry.js';
import { clockTime } from '../text/clock-time.js';
import { duration } from '../text/duration.js';
import { elapsed } from '../text/elapsed.js';
import { visible } from '../text/visible.js';

interface Props {
  summary: EntrySummary;
  at: string;
  /** Since the first entry. */
  sinceStartMs: number;
}

export function EntryRow({ summary, at, sinceStartMs }: Props): JSX.Element {
  const { icon, tone, kind, title, detail, durationMs } = summary;
  return (
    <>
      <time class="entry-time" dateTime={at} title={clockTime(at)}>
        {elapsed(sinceStartMs)}
      </time>
      <span class={`entry-icon tone-${tone}`}>
        <Icon name={icon} size={14} />
        <span class="hidden-text">{kind}</span>
      </span>
      <span class={`entry-text cut kind-${kind}`}>
        <span class="entry-title">{visible(title)}</span> <span class="muted">{visible(detail)}</span>
      </span>
      {durationMs === null ? null : <span class="entry-duration">{duration(durationMs)}</span>}
    </>
  );
}
