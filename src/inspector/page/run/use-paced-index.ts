import { useEffect, useRef, useState } from 'preact/hooks';
import type { TimelineEntry } from '../../protocol/timeline.js';
import { nextStop } from './next-stop.js';

/** How long a state is shown at least. */
const paceMs = 180;
/** What is older was not seen happening, and is not shown as if it were. */
const recentMs = 4_000;

/** The entry to show of a timeline that grows: the newest, but no state on the way is passed over unseen. */
export function usePacedIndex(entries: readonly TimelineEntry[]): number {
  const [shown, setShown] = useState(-1);
  const shownAt = useRef(0);
  const last = entries.length - 1;
  useEffect(() => {
    if (shown >= last) return;
    const until = entries[shown]?.kind === 'state' ? shownAt.current + paceMs : 0;
    const step = (): void => {
      shownAt.current = performance.now();
      setShown(nextStop(entries, shown, Date.now() - recentMs));
    };
    const timer = setTimeout(step, Math.max(0, until - performance.now()));
    return () => clearTimeout(timer);
  }, [entries, shown, last]);
  return Math.min(shown, last);
}
