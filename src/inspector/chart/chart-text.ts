import type { ChartGraph, GraphEdge, GraphNode } from './chart-graph.js';
import type { Text } from '../protocol/chart.js';

/** A text with its size, without a place. */
export interface Line {
  kind: Text['kind'];
  text: string;
}

export const fontSize = 12;
const lineHeight = 16;
/** Of a monospaced font. */
const characterWidth = 0.602 * fontSize;
const maxCharacters = 48;

export const widthOf = (lines: readonly Line[]): number =>
  Math.ceil(Math.max(0, ...lines.map(({ text }) => [...text].length)) * characterWidth);

export const heightOf = (lines: readonly Line[]): number => lines.length * lineHeight;

/** What stands in a node. */
export function nodeLines({ key, invokes, entry, exit, stays }: GraphNode): Line[] {
  return [
    line('title', key),
    ...invokes.map(({ id, src }) => line('invoke', `invoke ${id === src ? src : `${src} as ${id}`}`)),
    ...entry.map((name) => line('entry', `entry / ${name}`)),
    ...exit.map((name) => line('exit', `exit / ${name}`)),
    ...stays.map((text) => line('stays', text)),
  ];
}

/** What stands beside an edge. Its actions are not drawn: with them no chart of a real machine fits on a screen. */
export function edgeLines(edge: GraphEdge, { edges }: ChartGraph): Line[] {
  const { label, guard, order } = edge;
  const number = order === null ? '' : `${order}. `;
  return [
    line('event', `${number}${label}`),
    ...(guard !== null || isOtherwise(edge, edges) ? [line('guard', `[${guard ?? 'otherwise'}]`)] : []),
  ];
}

/** The places of lines below each other, from the top left corner. */
export function placed(lines: readonly Line[], x: number, y: number): Text[] {
  return lines.map(({ kind, text }, index) => ({ kind, text, x, y: y + (index + 0.75) * lineHeight }));
}

function isOtherwise({ source, event, order }: GraphEdge, edges: readonly GraphEdge[]): boolean {
  return (
    order !== null &&
    edges.some((other) => other.source === source && other.event === event && other.order! < order)
  );
}

function line(kind: Text['kind'], text: string): Line {
  const characters = [...text];
  return {
    kind,
    text: characters.length > maxCharacters ? `${characters.slice(0, maxCharacters - 1).join('')}…` : text,
  };
}
