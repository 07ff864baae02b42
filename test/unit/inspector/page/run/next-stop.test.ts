import { expect, it } from 'vitest';
import { nextStop } from '../../../../../src/inspector/page/run/next-stop.js';
import type { TimelineEntry } from '../../../../../src/inspector/protocol/timeline.js';

const at = (ms: number) => new Date(ms).toISOString();
const state = (ms: number): TimelineEntry => ({
  ...{ key: `${ms}`, at: at(ms), kind: 'state', actor: 'a', chart: 'a', state: 's' },
  ...{ active: [], edges: [], event: null, changes: {}, removed: [] },
});
const other: TimelineEntry = { key: 'x', at: at(0), kind: 'full' };

it('each new state is a stop, and then the newest entry', () => {
  const entries = [state(10), other, state(11), other, state(12), other];
  expect(nextStop(entries, 0, 5)).toBe(2);
  expect(nextStop(entries, 2, 5)).toBe(4);
  expect(nextStop(entries, 4, 5)).toBe(5);
});

it('what is old is passed over', () => {
  expect(nextStop([state(1), state(2), state(10), other], -1, 5)).toBe(2);
  expect(nextStop([state(1), state(2), other], -1, 5)).toBe(2);
});

it('many states at once are passed over too', () => {
  const entries = Array.from({ length: 14 }, () => state(10));
  expect(nextStop(entries, -1, 5)).toBe(13);
});
