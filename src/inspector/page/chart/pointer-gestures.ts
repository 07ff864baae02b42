import type { Point } from './camera.js';

interface Gestures {
  onPan: (by: Point) => void;
  /** `anchor`: in pixels of the element. */
  onZoom: (factor: number, anchor: Point) => void;
}

/** A click is not a drag: nearer than this, nothing moves. */
const slackPixels = 4;

/** Drag with one pointer, pinch with two. Answers what ends it. */
export function pointerGestures(element: HTMLElement, { onPan, onZoom }: Gestures): () => void {
  const pointers = new Map<number, Point>();
  let isDragging = false;

  const down = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    pointers.set(event.pointerId, pointOf(event));
  };
  const move = (event: PointerEvent): void => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = pointOf(event);
    if (!isDragging && distance(before, now) < slackPixels) return;
    if (!isDragging) {
      isDragging = true;
      element.setPointerCapture(event.pointerId);
    }
    const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    pointers.set(event.pointerId, now);
    if (!other) onPan({ x: now.x - before.x, y: now.y - before.y });
    else pinch(other, before, now);
  };
  const pinch = (still: Point, before: Point, now: Point): void => {
    const { left, top } = element.getBoundingClientRect();
    const middle = { x: (still.x + now.x) / 2 - left, y: (still.y + now.y) / 2 - top };
    onPan({ x: (now.x - before.x) / 2, y: (now.y - before.y) / 2 });
    onZoom(distance(still, now) / (distance(still, before) || 1), middle);
  };
  const up = (event: PointerEvent): void => {
    pointers.delete(event.pointerId);
    if (pointers.size === 0) isDragging = false;
  };
  const listeners = { pointerdown: down, pointermove: move, pointerup: up, pointercancel: up };
  for (const [type, listener] of Object.entries(listeners)) {
    element.addEventListener(type as 'pointerdown', listener);
  }
  return () => {
    for (const [type, listener] of Object.entries(listeners)) {
      element.removeEventListener(type as 'pointerdown', listener);
    }
  };
}

const pointOf = ({ clientX, clientY }: PointerEvent): Point => ({ x: clientX, y: clientY });
const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);
