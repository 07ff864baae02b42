import type { JSX } from 'preact';
import { memo } from '../elements/memo.js';
import type { ChartEdge } from '../../protocol/chart.js';
import { visible } from '../text/visible.js';
import { arrowHead, roundedPath } from './edge-path.js';

interface Props {
  edge: ChartEdge;
  /** `arrived`: the last one taken. */
  standing: 'idle' | 'taken' | 'arrived';
}

export const ChartEdgeView = memo(function ChartEdgeView({ edge, standing }: Props): JSX.Element {
  const { points, labelBox, texts } = edge;
  return (
    <g class={`edge ${standing}`}>
      <title>{wordsOf(edge)}</title>
      <path class="line" d={roundedPath(points)} />
      <path class="head" d={arrowHead(points)} />
      {labelBox ? <rect class="label" {...labelBox} rx={4} /> : null}
      {texts.map((text, index) => (
        <text key={index} class={text.kind} x={text.x} y={text.y}>
          {visible(text.text)}
        </text>
      ))}
    </g>
  );
});

function wordsOf({ label, guard, actions, order }: ChartEdge): string {
  const parts = [
    label || 'at once',
    guard === null ? '' : `if ${guard}`,
    order === null ? '' : `(tried as number ${order})`,
  ];
  const then = actions.length > 0 ? `, then ${actions.join(', ')}` : '';
  return visible(parts.filter((part) => part !== '').join(' ') + then);
}
