import type { Point } from './camera.js';

const radius = 6;
const headLength = 8;
const headWidth = 4;

/** A line through all points, its corners rounded. */
export function roundedPath(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      const before = points[index - 1];
      const after = points[index + 1];
      if (!before) return `M${at(point)}`;
      if (!after) return `L${at(point)}`;
      return `L${at(towards(point, before))}Q${at(point)} ${at(towards(point, after))}`;
    })
    .join('');
}

/** A triangle at the last point, in the direction of the last piece. */
export function arrowHead(points: readonly Point[]): string {
  const tip = points.at(-1);
  const before = points.at(-2);
  if (!tip || !before) return '';
  const length = Math.hypot(tip.x - before.x, tip.y - before.y) || 1;
  const along = { x: (tip.x - before.x) / length, y: (tip.y - before.y) / length };
  const foot = { x: tip.x - along.x * headLength, y: tip.y - along.y * headLength };
  const left = { x: foot.x - along.y * headWidth, y: foot.y + along.x * headWidth };
  const right = { x: foot.x + along.y * headWidth, y: foot.y - along.x * headWidth };
  return `M${at(tip)}L${at(left)}L${at(right)}Z`;
}

/** A point near `from` on the way to `to`; half the way where that is short. */
function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const share = Math.min(radius, length / 2) / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

const round = (value: number): number => Math.round(value * 100) / 100;
