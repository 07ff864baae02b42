import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Chart } from '../../protocol/chart.js';
import { ChartView } from '../chart/chart-view.js';
import { Badge } from '../elements/badge.js';
import { Segments } from '../elements/segments.js';
import type { ActorMoment, Moment } from '../moments/moment.js';
import { visible } from '../text/visible.js';

interface Props {
  charts: readonly Chart[];
  moment: Moment;
  /** Null for whichever is at the chart. */
  actorId: string | null;
  onChooseNode: (id: string) => void;
}

export function ChartPanel({ charts, moment, actorId, onChooseNode }: Props): JSX.Element {
  const [picked, setPicked] = useState<string | null>(null);
  // Unless a person chose, the one that moved last.
  const moving = moment.actors.get(actorId ?? moment.lastActor ?? '')?.chart;
  const chart = charts.find(({ id }) => id === (picked ?? moving)) ?? charts[0];
  const actor = chart ? actorAt(moment, chart.id, actorId) : null;
  return (
    <section class="panel chart-panel" aria-labelledby="chart-title">
      <header class="panel-head">
        <h2 id="chart-title">State</h2>
        {charts.length > 1 ? (
          <Segments
            label="Machine"
            choices={charts.map(({ id }) => ({ name: id, label: id }))}
            chosen={chart?.id ?? ''}
            onChoose={setPicked}
          />
        ) : null}
        {moment.atWork.size === 0 ? null : (
          <span class="muted cut">{visible([...moment.atWork.keys()].join(', '))} at work</span>
        )}
        {actor === null ? null : <Badge of={actor.state} text={actor.state} />}
      </header>
      {chart ? (
        <ChartView
          key={chart.id}
          chart={chart}
          actor={actor}
          step={moment.index}
          onChooseNode={onChooseNode}
        />
      ) : (
        <p class="empty">There is no chart of this machine.</p>
      )}
    </section>
  );
}

function actorAt({ actors }: Moment, chart: string, actorId: string | null): ActorMoment | null {
  if (actorId !== null) return actors.get(actorId) ?? null;
  return [...actors.values()].findLast((actor) => actor.chart === chart) ?? null;
}
