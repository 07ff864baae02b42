import type { TimelineEntry } from '../../protocol/timeline.js';

/** More states than this have come at once: showing them one by one would be showing the past. */
const mostStates = 12;

/**
 * The entry to show after the one at `shown`: the next state that was come to after `since` (milliseconds since the epoch), so that
 * each is seen for a moment; the newest entry where there is none.
 */
export function nextStop(entries: readonly TimelineEntry[], shown: number, since: number): number {
  const last = entries.length - 1;
  const stops: number[] = [];
  for (let index = last; index > shown; index -= 1) {
    const { kind, at } = entries[index]!;
    if (kind === 'state' && Date.parse(at) >= since) stops.unshift(index);
    if (stops.length > mostStates) return last;
  }
  return stops[0] ?? last;
}
