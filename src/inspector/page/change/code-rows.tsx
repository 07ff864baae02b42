import type { ComponentChildren, JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { VirtualRows } from '../list/virtual-rows.js';

interface Props {
  label: string;
  columns: 1 | 2;
  count: number;
  /** Characters of the longest line. */
  longest: number;
  row: (index: number) => ComponentChildren;
}

const codeRowHeight = 20;
const stepPixels = 60;

/**
 * Lines of code, of which only those in view are drawn. Long lines are moved sideways together, both columns at once, by
 * a bar of their own.
 */
export function CodeRows({ label, columns, count, longest, row }: Props): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const sideways = useRef<HTMLDivElement>(null);
  const shift = (): void =>
    scroller.current?.style.setProperty('--shift', `${-(sideways.current?.scrollLeft ?? 0)}px`);
  const moveBy = (pixels: number): void => {
    if (sideways.current) sideways.current.scrollLeft += pixels;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    moveBy(event.key === 'ArrowLeft' ? -stepPixels : stepPixels);
  };
  return (
    <div class={`code-frame columns-${columns}`}>
      <div
        ref={scroller}
        class="scroller code-scroller"
        role="region"
        tabIndex={0}
        aria-label={label}
        onKeyDown={onKeyDown}
        onWheel={(event) => moveBy(event.deltaX)}
      >
        <VirtualRows count={count} rowHeight={codeRowHeight} scroller={scroller} row={row} />
      </div>
      <div ref={sideways} class="sideways" aria-hidden="true" onScroll={shift}>
        <div class="mono" style={{ width: `calc(${longest + 14}ch + ${columns === 2 ? 50 : 0}%)` }} />
      </div>
    </div>
  );
}
