import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Chart } from '../../protocol/chart.js';
import type { FileChange } from '../../protocol/improvement.js';
import type { TimelineEntry } from '../../protocol/timeline.js';
import type { Moment } from '../moments/moment.js';
import type { Timeline } from '../moments/timeline.js';
import { ChartPanel } from './chart-panel.js';
import { EntryList } from './entry-list.js';
import { MomentPanel } from './moment-panel.js';

interface Props {
  timeline: Timeline;
  entries: readonly TimelineEntry[];
  count: number;
  chosen: number;
  onChoose: (index: number) => void;
  charts: readonly Chart[];
  moment: Moment;
  /** Of whom chart and context are shown; null for whichever there is. */
  actorId: string | null;
  /** Null where there is no plan. */
  files: readonly FileChange[] | null;
}

/** Chart, timeline, context and files at one moment. */
export function RunView(props: Props): JSX.Element {
  const { timeline, entries, count, chosen, onChoose, charts, moment, actorId, files } = props;
  const [markedIndex, setMarkedIndex] = useState<number | null>(null);
  const marked = useMemo(
    () => (markedIndex === null ? null : timeline.momentAt(markedIndex)),
    [timeline, markedIndex],
  );
  return (
    <div class="run-view">
      <ChartPanel
        charts={charts}
        moment={moment}
        actorId={actorId}
        onChooseNode={(id) => {
          const index = lastArrival(entries, id, chosen);
          if (index >= 0) onChoose(index);
        }}
      />
      <EntryList entries={entries} count={count} chosen={chosen} onChoose={onChoose} />
      <MomentPanel
        moment={moment}
        actorId={actorId}
        files={files}
        marked={marked}
        onMark={() => setMarkedIndex(chosen)}
        onUnmark={() => setMarkedIndex(null)}
      />
    </div>
  );
}

/** When a state was last come to: before the chosen moment, or else at all. */
function lastArrival(entries: readonly TimelineEntry[], id: string, chosen: number): number {
  const isArrival = (entry: TimelineEntry): boolean => entry.kind === 'state' && entry.active.includes(id);
  const before = entries.slice(0, chosen + 1).findLastIndex(isArrival);
  return before >= 0 ? before : entries.findIndex(isArrival);
}
