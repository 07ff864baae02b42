import type { Chart, ChartEdge, ChartNode, Text } from '../protocol/chart.js';

const style = `
  text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #1f2328 }
  .node { fill: #ffffff; stroke: #57606a } .compound { fill: #f6f8fa } .final { stroke-width: 3 }
  .edge { fill: none; stroke: #57606a } .head { fill: #57606a } .label { fill: #ffffff; fill-opacity: .85 }
  .title { font-weight: bold } .invoke, .entry, .exit, .stays { fill: #57606a } .guard { fill: #0550ae }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .node { fill: #161b22; stroke: #8b949e } .compound { fill: #0d1117 }
    .edge { stroke: #8b949e } .head { fill: #8b949e } .label { fill: #0d1117 }
    .invoke, .entry, .exit, .stays { fill: #9da7b3 } .guard { fill: #79c0ff }
  }`;

/** A chart as an SVG document that stands alone: light and dark, sharp at any size, no script. */
export function chartSvg(chart: Chart, title: string): string {
  const { width, height, nodes, edges } = chart;
  const compound = nodes.filter(isCompound);
  const atomic = nodes.filter((node) => !isCompound(node));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}\n</style>`,
    ...compound.map(box),
    ...drawnOnce(edges).map(line),
    ...atomic.map(box),
    ...nodes.filter(({ initial }) => initial).map(initialMark),
    ...edges.map(label),
    '</svg>',
    '',
  ].join('\n');
}

/** Edges between the same two states share a line. */
function drawnOnce(edges: readonly ChartEdge[]): ChartEdge[] {
  const lines = new Map(edges.map((edge) => [JSON.stringify(edge.points), edge]));
  return [...lines.values()];
}

const isCompound = ({ type }: ChartNode) => type === 'compound' || type === 'parallel';

function box(node: ChartNode): string {
  const { x, y, width, height, type, texts } = node;
  const kind = isCompound(node) ? 'node compound' : type === 'final' ? 'node final' : 'node';
  return `<g><rect class="${kind}" x="${r(x)}" y="${r(y)}" width="${r(width)}" height="${r(height)}" rx="6"/>${texts.map(text).join('')}</g>`;
}

/** A dot at the corner of where a compound state begins. */
function initialMark({ x, y }: ChartNode): string {
  return `<circle class="head" cx="${r(x)}" cy="${r(y)}" r="5"/>`;
}

function line({ points }: ChartEdge): string {
  const path = points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${r(x)} ${r(y)}`).join('');
  return `<g><path class="edge" d="${path}"/>${head(points)}</g>`;
}

function head(points: ChartEdge['points']): string {
  const [from, to] = points.slice(-2);
  if (!from || !to) return '';
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const corner = (turn: number) =>
    `${r(to.x - 9 * Math.cos(angle + turn))},${r(to.y - 9 * Math.sin(angle + turn))}`;
  return `<polygon class="head" points="${r(to.x)},${r(to.y)} ${corner(0.4)} ${corner(-0.4)}"/>`;
}

function label({ labelBox, texts }: ChartEdge): string {
  const { x, y, width, height } = labelBox;
  return `<g><rect class="label" x="${r(x)}" y="${r(y)}" width="${r(width)}" height="${r(height)}"/>${texts.map(text).join('')}</g>`;
}

function text({ kind, text: words, x, y }: Text): string {
  return `<text class="${kind}" x="${r(x)}" y="${r(y)}">${escaped(words)}</text>`;
}

/** To a tenth of a pixel. */
function r(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(words: string): string {
  return words.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
