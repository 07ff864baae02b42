import type { JSX } from 'preact';
import { memo } from '../elements/memo.js';
import type { ChartNode } from '../../protocol/chart.js';
import type { Look } from '../moments/state-look.js';
import { visible } from '../text/visible.js';

interface Props {
  node: ChartNode;
  look: Look;
  standing: 'idle' | 'taken' | 'active';
  /** The innermost active state. */
  isCurrent: boolean;
  /** Null where it cannot be chosen. */
  onChoose: ((id: string) => void) | null;
}

export const ChartNodeView = memo(function ChartNodeView({
  node,
  look,
  standing,
  isCurrent,
  onChoose,
}: Props): JSX.Element {
  const { x, y, width, height, texts, type } = node;
  const box = { x, y, width, height, rx: type === 'final' ? 10 : 6 };
  const classes = [
    'node',
    `tone-${look.tone}`,
    standing,
    type,
    node.parent === null ? 'root' : '',
    isCurrent ? 'current' : '',
    onChoose ? 'known' : '',
  ];
  return (
    <g class={classes.join(' ')} data-node={node.id} onClick={onChoose ? () => onChoose(node.id) : undefined}>
      <rect class="box" {...box} />
      {type === 'final' ? (
        <rect class="inner" x={x + 3} y={y + 3} width={width - 6} height={height - 6} rx={7} />
      ) : null}
      {isCurrent ? (
        <rect class="halo" x={x - 4} y={y - 4} width={width + 8} height={height + 8} rx={10} />
      ) : null}
      {isCurrent ? <path class="pointer" d={`M${x - 16} ${y + height / 2 - 6}l9 6-9 6z`} /> : null}
      {texts.map((text, index) => (
        <text key={index} class={text.kind} x={text.x} y={text.y}>
          {visible(text.text)}
        </text>
      ))}
    </g>
  );
});
