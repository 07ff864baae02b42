import type { JSX } from 'preact';
import type { Chart } from '../../protocol/chart.js';
import type { Camera, Size } from './camera.js';

interface Props {
  chart: Chart;
  active: ReadonlySet<string>;
  path: ReadonlySet<string>;
  camera: Camera;
  frame: Size;
}

const longestSide = 110;

/** The whole chart in small, with what of it is in the frame. Nothing where all of it is. */
export function MiniChart({ chart, active, path, camera, frame }: Props): JSX.Element | null {
  const { zoom, x, y } = camera;
  const view = { x: -x / zoom, y: -y / zoom, width: frame.width / zoom, height: frame.height / zoom };
  if (view.width >= chart.width && view.height >= chart.height) return null;
  const scale = longestSide / Math.max(chart.width, chart.height);
  return (
    <svg
      class="mini-chart"
      aria-hidden="true"
      width={chart.width * scale}
      height={chart.height * scale}
      viewBox={`0 0 ${chart.width} ${chart.height}`}
    >
      {chart.nodes.map(({ id, type, x, y, width, height }) => {
        const isGroup = type === 'compound' || type === 'parallel';
        const standing = isGroup ? 'group' : active.has(id) ? 'active' : path.has(id) ? 'taken' : '';
        return <rect key={id} class={standing} x={x} y={y} width={width} height={height} />;
      })}
      <rect class="in-view" {...view} />
    </svg>
  );
}
