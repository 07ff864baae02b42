import { expect, it } from 'vitest';
import { sequenceRows } from '../../../../../src/inspector/page/sequence/sequence-rows.js';
import type { TimelineEntry } from '../../../../../src/inspector/protocol/timeline.js';

const at = '2026-01-01T00:00:00.000Z';
const of = (key: string) => ({ key, at });

it('has a lane for each actor and a line for each message', () => {
  const entries: TimelineEntry[] = [
    { ...of('1'), kind: 'process', actor: 'improvement', pid: 1, begins: 'new' },
    { ...of('2'), kind: 'event', type: 'EXECUTE', actor: 'improvement', from: null, event: {} },
    {
      ...of('3'),
      kind: 'state',
      actor: 'improvement',
      chart: 'improvement',
      state: 'testing',
      active: [],
      edges: [],
      event: null,
      changes: {},
      removed: [],
    },
    { ...of('4'), kind: 'effect', phase: 'start', actor: 'runChecks', of: 'improvement' },
    { ...of('5'), kind: 'check', phase: 'end', check: 0, name: 'test', status: 'failed' },
    { ...of('6'), kind: 'effect', phase: 'end', actor: 'runChecks', of: 'improvement', outcome: 'done' },
    {
      ...of('7'),
      kind: 'event',
      type: 'xstate.done.actor.runChecks',
      actor: 'improvement',
      from: 'runChecks',
      event: {},
    },
  ];
  const { lanes, rows } = sequenceRows(entries);
  expect(lanes).toEqual(['outside', 'improvement', 'runChecks', 'checks']);
  expect(rows.map(({ index, from, to, text }) => `${index} ${from} > ${to}: ${text}`)).toEqual([
    '1 outside > improvement: EXECUTE',
    '2 improvement > improvement: testing',
    '3 improvement > runChecks: start',
    '4 checks > runChecks: test failed',
    '6 runChecks > improvement: runChecks done',
  ]);
});
