import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { TimelineEntry } from '../../protocol/timeline.js';
import { OptionList } from '../list/option-list.js';
import { clockTime } from '../text/clock-time.js';
import { visible } from '../text/visible.js';
import { firstLaneIndent, SequenceLine } from './sequence-line.js';
import { sequenceRows } from './sequence-rows.js';

interface Props {
  entries: readonly TimelineEntry[];
  count: number;
  chosen: number;
  onChoose: (index: number) => void;
}

const rowHeight = 32;
/** One lane, in pixels. */
const laneWidth = 118;

/** Who said what to whom: a lane for each actor, a line for each message. */
export function SequenceView({ entries, count, chosen, onChoose }: Props): JSX.Element {
  const { lanes, rows } = useMemo(() => sequenceRows(entries), [entries, count]);
  const position = rows.findLastIndex(({ index }) => index <= chosen);
  const width = firstLaneIndent + lanes.length * laneWidth + 90;
  return (
    <section class="panel sequence" aria-labelledby="sequence-title">
      <header class="panel-head">
        <h2 id="sequence-title">Sequence</h2>
        <span class="muted">who said what to whom</span>
      </header>
      <div class="sequence-scroll">
        <div class="sequence-inner" style={{ minWidth: `${width}px` }}>
          <div class="lanes" aria-hidden="true">
            <span style={{ width: `${firstLaneIndent}px` }} />
            {lanes.map((lane) => (
              <span key={lane} class="lane cut" style={{ width: `${laneWidth}px` }} title={visible(lane)}>
                {visible(lane)}
              </span>
            ))}
          </div>
          <OptionList
            id="sequence"
            label="Messages between actors"
            count={rows.length}
            rowHeight={rowHeight}
            chosen={position}
            onChoose={(row) => onChoose(rows[row]!.index)}
            optionClass={(row) => (rows[row]!.index > chosen ? 'later' : '')}
            empty="No actor has said anything yet."
            option={(row) => (
              <>
                <time class="entry-time">{clockTime(entries[rows[row]!.index]!.at)}</time>
                <SequenceLine row={rows[row]!} lanes={lanes} laneWidth={laneWidth} height={rowHeight} />
              </>
            )}
          />
        </div>
      </div>
    </section>
  );
}
