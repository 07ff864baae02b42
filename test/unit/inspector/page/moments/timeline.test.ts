import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Timeline } from '../../../../../src/inspector/page/moments/timeline.js';
import type { StateEntry, TimelineEntry } from '../../../../../src/inspector/protocol/timeline.js';

const at = '2026-01-01T00:00:00.000Z';
let keys = 0;
const state = (name: string, changes: StateEntry['changes'] = {}, removed: string[] = []): TimelineEntry => ({
  key: `state ${keys++}`,
  at,
  kind: 'state',
  actor: 'improvement',
  chart: 'improvement',
  state: name,
  active: ['improvement', `improvement.${name}`],
  edges: [`to ${name}`],
  event: null,
  changes,
  removed,
});
const journal = (type: string, index: number): TimelineEntry => ({
  key: `journal ${keys++}`,
  at,
  kind: 'journal',
  type,
  index,
  path: `f${index}`,
});
const standingsAt = (timeline: Timeline, index: number) => Object.fromEntries(timeline.momentAt(index).files);

describe('a moment', () => {
  it('before the first entry knows nothing', () => {
    const timeline = new Timeline();
    timeline.add([state('planning')]);
    expect(timeline.momentAt(-1).actors.size).toBe(0);
  });

  it('has the state, the way there, and the context before and after the step', () => {
    const timeline = new Timeline();
    timeline.add([state('planning', { a: 1, b: 1 }), state('testing', { a: 2, c: 3 }, ['b'])]);
    expect(timeline.momentAt(1).actors.get('improvement')).toMatchObject({
      state: 'testing',
      arrived: ['to testing'],
      path: new Set([
        'improvement',
        'improvement.planning',
        'to planning',
        'improvement.testing',
        'to testing',
      ]),
      context: { a: 2, c: 3 },
      contextBefore: { a: 1, b: 1 },
    });
    expect(timeline.momentAt(0).actors.get('improvement')).toMatchObject({
      context: { a: 1, b: 1 },
      contextBefore: null,
    });
  });

  it('has each file as the journal and the rollback leave it', () => {
    const timeline = new Timeline();
    timeline.paths = new Map([0, 1, 2].map((index) => [`f${index}`, index]));
    timeline.add([
      journal('before-image', 0),
      journal('intent', 0),
      journal('intent', 1),
      journal('outcome', 0),
      journal('conflict', 1),
      state('rolled_back', { rollback: { restored: ['f0'], kept: ['f1'], failed: [{ path: 'f2' }] } }),
    ]);
    expect(standingsAt(timeline, 0)).toEqual({ 0: 'saved' });
    expect(standingsAt(timeline, 2)).toEqual({ 0: 'changing', 1: 'changing' });
    expect(standingsAt(timeline, 4)).toEqual({ 0: 'changed', 1: 'conflict' });
    expect(standingsAt(timeline, 5)).toEqual({ 0: 'restored', 1: 'kept', 2: 'not_restored' });
  });

  it('knows the files of a rollback although the plan became known later', () => {
    const timeline = new Timeline();
    timeline.add([state('rolled_back', { rollback: { restored: ['f0'] } })]);
    timeline.paths = new Map([['f0', 0]]);
    expect(standingsAt(timeline, 0)).toEqual({ 0: 'restored' });
  });

  it('has what is at work; a new process begins with nothing, and knows nothing of who else is at work', () => {
    const timeline = new Timeline();
    const effect = (phase: 'start' | 'end', actor: string, of = 'improvement'): TimelineEntry => ({
      key: `effect ${keys++}`,
      at,
      kind: 'effect',
      phase,
      actor,
      of,
    });
    const process: TimelineEntry = {
      ...{ key: 'process', at, kind: 'process', actor: 'improvement', pid: 1 },
      begins: 'restored',
    };
    const others = effect('start', 'c', 'restart');
    timeline.add([effect('start', 'a'), effect('start', 'b'), others, effect('end', 'a'), process]);
    expect([...timeline.momentAt(3).atWork.keys()]).toEqual(['b', 'c']);
    expect([...timeline.momentAt(4).atWork.keys()]).toEqual(['c']);
  });
});

describe('a timeline', () => {
  it('takes what comes twice once', () => {
    const timeline = new Timeline();
    const entries = [state('planning'), state('testing')];
    timeline.add(entries);
    timeline.add(entries);
    expect(timeline.entries).toEqual(entries);
  });

  it('gives the same moment however the entries came and whatever was looked at before', () => {
    const entry = fc.oneof(
      fc.constantFrom('planning', 'testing', 'completed').map((name) => state(name, { name })),
      fc
        .tuple(fc.constantFrom('intent', 'outcome', 'before-image'), fc.nat(5))
        .map(([type, index]) => journal(type, index)),
    );
    // Kept moments are far apart: only a long timeline has several.
    const entries = fc.array(entry, { minLength: 0, maxLength: 900, size: 'max' });
    fc.assert(
      fc.property(entries, fc.nat(900), fc.nat(900), (all, cut, index) => {
        const whole = new Timeline();
        whole.add(all);
        const grown = new Timeline();
        grown.add(all.slice(0, cut));
        grown.momentAt(index);
        grown.add(all.slice(cut));
        const slow = new Timeline();
        slow.add(all.slice(0, index + 1));
        expect(grown.momentAt(index)).toEqual(whole.momentAt(index));
        expect(whole.momentAt(index)).toEqual(slow.momentAt(index));
      }),
      { numRuns: 30 },
    );
  });
});
