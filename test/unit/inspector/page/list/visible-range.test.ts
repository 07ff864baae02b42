import fc from 'fast-check';
import { expect, it } from 'vitest';
import { visibleRange } from '../../../../../src/inspector/page/list/visible-range.js';

const row = 30;

it('draws the rows in view and a few around', () => {
  const range = visibleRange({ count: 10_000, rowHeight: row, scrollTop: 3_000, viewHeight: 300 });
  expect(range).toEqual({ start: 92, end: 118 });
});

it('draws every row in view, only rows there are, and never many more', () => {
  const lists = fc.record({
    count: fc.nat(20_000),
    rowHeight: fc.constant(row),
    scrollTop: fc.integer({ min: -500, max: 700_000 }),
    viewHeight: fc.nat(2_000),
  });
  fc.assert(
    fc.property(lists, (list) => {
      const { start, end } = visibleRange(list);
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(list.count);
      expect(end - start).toBeLessThanOrEqual(list.viewHeight / row + 18);
      const first = Math.max(0, Math.floor(list.scrollTop / row));
      const last = Math.min(list.count, Math.ceil((list.scrollTop + list.viewHeight) / row));
      for (let index = first; index < last; index += 1) {
        expect(index >= start && index < end).toBe(true);
      }
    }),
  );
});
