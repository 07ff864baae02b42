import { expect, it } from 'vitest';
import { stateSpans } from '../../../../../src/inspector/page/run/state-spans.js';
import type { TimelineEntry } from '../../../../../src/inspector/protocol/timeline.js';

const state = (name: string): TimelineEntry => ({
  ...{ key: name, at: '', kind: 'state', actor: 'a', chart: 'a', state: name },
  ...{ active: [], edges: [], event: null, changes: {}, removed: [] },
});
const full: TimelineEntry = { key: 'x', at: '', kind: 'full' };

it('cover the timeline without gaps, from the first entry to the last', () => {
  const spans = stateSpans([full, state('planning'), full, full, state('completed'), full]);
  expect(spans.map(({ from, to, state: name }) => [from, to, name])).toEqual([
    [0, 4, 'planning'],
    [4, 6, 'completed'],
  ]);
});
