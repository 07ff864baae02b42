import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Chart, ChartNode } from '../../protocol/chart.js';
import type { ActorMoment } from '../moments/moment.js';
import { stateLook } from '../moments/state-look.js';
import { Icon } from '../elements/icon.js';
import { ChartEdgeView } from './chart-edge-view.js';
import { ChartNodeView } from './chart-node-view.js';
import { MiniChart } from './mini-chart.js';
import { useCamera } from './use-camera.js';

interface Props {
  chart: Chart;
  /** Where the actor of this chart stands; null where it has not begun. */
  actor: ActorMoment | null;
  /** Another for each step: what was just taken flashes anew. */
  step: number;
  /** A state that it has been in was chosen. */
  onChooseNode: (id: string) => void;
}

/** A statechart to look around in, with the way that was taken. */
export function ChartView({ chart, actor, step, onChooseNode }: Props): JSX.Element {
  const current = useMemo(() => innermost(chart, actor?.active ?? []), [chart, actor]);
  const camera = useCamera(chart, current);
  const path = actor?.path ?? new Set<string>();
  const arrived = new Set(actor?.arrived);
  const active = new Set(actor?.active);
  const standingOf = (edge: string) => (arrived.has(edge) ? 'arrived' : path.has(edge) ? 'taken' : 'idle');
  const { zoom, x, y } = camera.camera;
  return (
    <div class="chart">
      <div
        ref={camera.frame}
        class="chart-frame"
        role="group"
        tabIndex={0}
        aria-label="Chart: arrow keys move it, plus and minus zoom, 0 shows all of it"
        onKeyDown={camera.onKeyDown}
      >
        <svg class="chart-drawing" role="img" aria-label={describe(chart, actor)}>
          <g
            class={camera.isGliding ? 'gliding' : undefined}
            style={{ transform: `translate(${x}px, ${y}px) scale(${zoom})` }}
            font-size={chart.fontSize}
          >
            {chart.nodes.map((node) => (
              <ChartNodeView
                key={node.id}
                node={node}
                look={stateLook(node.id)}
                standing={active.has(node.id) ? 'active' : path.has(node.id) ? 'taken' : 'idle'}
                isCurrent={current?.id === node.id}
                onChoose={path.has(node.id) && node.parent !== null ? onChooseNode : null}
              />
            ))}
            {sortBy(chart.edges, ({ id }) => rank[standingOf(id)]).map((edge) => {
              const standing = standingOf(edge.id);
              const key = standing === 'arrived' ? `${edge.id} ${step}` : edge.id;
              return <ChartEdgeView key={key} edge={edge} standing={standing} />;
            })}
          </g>
        </svg>
      </div>
      <MiniChart chart={chart} active={active} path={path} camera={camera.camera} frame={camera.size} />
      <div class="chart-tools" role="group" aria-label="Zoom">
        <button
          type="button"
          class="button icon-only"
          aria-label="Zoom in"
          onClick={() => camera.zoomBy(1.3)}
        >
          <Icon name="plus" />
        </button>
        <button
          type="button"
          class="button icon-only"
          aria-label="Zoom out"
          onClick={() => camera.zoomBy(1 / 1.3)}
        >
          <Icon name="minus" />
        </button>
        <button type="button" class="button icon-only" aria-label="Show all" onClick={camera.showAll}>
          <Icon name="fit" />
        </button>
      </div>
    </div>
  );
}

/** Edges can share a line: what was taken is drawn over what was not. */
const rank = { idle: 0, taken: 1, arrived: 2 };

function sortBy<Item>(items: readonly Item[], rankOf: (item: Item) => number): Item[] {
  return items.toSorted((one, other) => rankOf(one) - rankOf(other));
}

/** Of the active states the deepest, which says most. */
function innermost(chart: Chart, active: readonly string[]): ChartNode | null {
  const nodes = chart.nodes.filter(({ id }) => active.includes(id));
  return nodes.reduce<ChartNode | null>(
    (deepest, node) => (deepest === null || node.id.length > deepest.id.length ? node : deepest),
    null,
  );
}

function describe(chart: Chart, actor: ActorMoment | null): string {
  const states = chart.nodes.filter(({ type }) => type === 'atomic' || type === 'final').length;
  const where = actor === null ? 'it has not begun' : `now in ${actor.state}`;
  return `Chart of the machine ${chart.id} with ${states} states: ${where}`;
}
