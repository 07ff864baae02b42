export interface ScrolledList {
  count: number;
  rowHeight: number;
  scrollTop: number;
  viewHeight: number;
}

/** Rows above and below the view that are drawn too, so that a quick scroll shows no gap. */
const spareRows = 8;

/** The rows to draw: from `start` to before `end`. */
export function visibleRange({ count, rowHeight, scrollTop, viewHeight }: ScrolledList): {
  start: number;
  end: number;
} {
  const first = Math.floor(scrollTop / rowHeight) - spareRows;
  const last = Math.ceil((scrollTop + viewHeight) / rowHeight) + spareRows;
  const start = Math.min(Math.max(first, 0), count);
  return { start, end: Math.max(start, Math.min(last, count)) };
}
