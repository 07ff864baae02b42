import type { ComponentChildren, JSX, RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { visibleRange } from './visible-range.js';

interface Props {
  count: number;
  /** In pixels; every row has it. */
  rowHeight: number;
  /** The element that scrolls. */
  scroller: RefObject<HTMLElement>;
  row: (index: number) => ComponentChildren;
}

/** Draws only the rows in view: a list of any length costs as much as one that fills the screen. */
export function VirtualRows({ count, rowHeight, scroller, row }: Props): JSX.Element {
  const { start, end } = useVisibleRange(scroller, count, rowHeight);
  const rows: ComponentChildren[] = [];
  for (let index = start; index < end; index += 1) rows.push(row(index));
  return (
    <div class="virtual" role="presentation" style={{ height: `${count * rowHeight}px` }}>
      <div role="presentation" style={{ transform: `translateY(${start * rowHeight}px)` }}>
        {rows}
      </div>
    </div>
  );
}

function useVisibleRange(scroller: RefObject<HTMLElement>, count: number, rowHeight: number) {
  const [view, setView] = useState({ scrollTop: 0, viewHeight: 800 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    // Measured by whole rows: scrolling within one draws nothing new.
    const measure = (): void =>
      setView((known) => {
        const scrollTop = Math.floor(element.scrollTop / rowHeight) * rowHeight;
        const viewHeight = element.clientHeight + rowHeight;
        return known.scrollTop === scrollTop && known.viewHeight === viewHeight
          ? known
          : { scrollTop, viewHeight };
      });
    measure();
    const resizes = new ResizeObserver(measure);
    resizes.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      resizes.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, [scroller, rowHeight, count]);
  return visibleRange({ count, rowHeight, ...view });
}
