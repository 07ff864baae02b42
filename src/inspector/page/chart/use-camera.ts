import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Chart, ChartNode } from '../../protocol/chart.js';
import { fit, opening, panBy, reveal, zoomAt, type Camera, type Point, type Size } from './camera.js';
import { pointerGestures } from './pointer-gestures.js';

interface CameraControl {
  camera: Camera;
  /** The camera goes to a state by itself: that is to be seen. */
  isGliding: boolean;
  size: Size;
  frame: RefObject<HTMLDivElement>;
  onKeyDown: (event: KeyboardEvent) => void;
  zoomBy: (factor: number) => void;
  showAll: () => void;
}

const stepPixels = 60;

/** Pan and zoom by pointer, wheel, touch and keyboard; the current state is kept in sight. */
export function useCamera(chart: Chart, current: ChartNode | null): CameraControl {
  const frame = useRef<HTMLDivElement>(null);
  const [camera, setCamera] = useState<Camera>({ zoom: 1, x: 0, y: 0 });
  const [isGliding, setIsGliding] = useState(false);
  const [size, setSize] = useState<Size>({ width: 1, height: 1 });
  const isMoved = useRef(false);
  const newest = useRef(current);
  newest.current = current;

  const sizeOf = (): Size => ({
    width: frame.current?.clientWidth ?? 1,
    height: frame.current?.clientHeight ?? 1,
  });
  const move = (change: (camera: Camera) => Camera): void => {
    isMoved.current = true;
    setIsGliding(false);
    setCamera(change);
  };
  const zoomBy = (factor: number, anchor?: Point): void => {
    const { width, height } = sizeOf();
    move((now) => zoomAt(now, factor, anchor ?? { x: width / 2, y: height / 2 }));
  };
  const showAll = (): void => move(() => fit(chart, sizeOf()));

  useLayoutEffect(() => {
    isMoved.current = false;
    const settle = (): void => {
      setSize(sizeOf());
      if (!isMoved.current) setCamera(opening(chart, sizeOf(), newest.current));
    };
    const resizes = new ResizeObserver(settle);
    resizes.observe(frame.current!);
    settle();
    return () => resizes.disconnect();
  }, [chart]);

  useEffect(() => {
    if (!current) return;
    setIsGliding(true);
    setCamera((now) => reveal(now, current, sizeOf()));
  }, [current?.id]);

  // preact listens passively to nothing, browsers to wheels: the page must not scroll beneath.
  useEffect(() => {
    const element = frame.current!;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      if (event.shiftKey) move((now) => panBy(now, { x: -event.deltaX - event.deltaY, y: 0 }));
      else {
        const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
        const factor = Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0018));
        zoomBy(factor, { x: event.clientX - left, y: event.clientY - top });
      }
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    const stop = pointerGestures(element, {
      onPan: (by) => move((now) => panBy(now, by)),
      onZoom: zoomBy,
    });
    return () => {
      element.removeEventListener('wheel', onWheel);
      stop();
    };
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const by = arrows[event.key];
    if (by) move((now) => panBy(now, by));
    else if (event.key === '+' || event.key === '=') zoomBy(1.25);
    else if (event.key === '-') zoomBy(0.8);
    else if (event.key === '0') showAll();
    else return;
    event.preventDefault();
  };
  return { camera, isGliding, size, frame, onKeyDown, zoomBy, showAll };
}

const arrows: Record<string, Point> = {
  ArrowLeft: { x: stepPixels, y: 0 },
  ArrowRight: { x: -stepPixels, y: 0 },
  ArrowUp: { x: 0, y: stepPixels },
  ArrowDown: { x: 0, y: -stepPixels },
};
