import { expect, it } from 'vitest';
import { readableEvent, summariseEntry } from '../../../../../src/inspector/page/moments/summarise-entry.js';
import { stateLook } from '../../../../../src/inspector/page/moments/state-look.js';

const entry = { key: 'k', at: '2026-01-01T00:00:00.000Z' };

it('an event of XState reads as people say it', () => {
  expect(readableEvent('xstate.done.actor.rollBack')).toBe('rollBack done');
  expect(readableEvent('xstate.error.actor.backUp')).toBe('backUp failed');
  expect(readableEvent('xstate.init')).toBe('start');
  expect(readableEvent('APPROVE')).toBe('APPROVE');
});

it('an effect that failed says why, a check that did not pass is bad', () => {
  const error = { code: 'PLAN_STALE', message: 'changed' };
  const effect = summariseEntry({
    ...entry,
    kind: 'effect',
    phase: 'end',
    actor: 'backUp',
    of: 'improvement',
    outcome: 'failed',
    error,
  });
  expect(effect).toMatchObject({ tone: 'bad', title: 'backUp', detail: 'PLAN_STALE: changed' });
  const check = { ...entry, kind: 'check', phase: 'end', check: 0, name: 'test', durationMs: 5 } as const;
  expect(summariseEntry({ ...check, status: 'timed_out' })).toMatchObject({
    tone: 'bad',
    detail: 'timed out',
  });
  expect(summariseEntry({ ...check, status: 'passed' })).toMatchObject({ tone: 'good', durationMs: 5 });
});

it('the innermost part of a state that is known gives it its look', () => {
  expect(stateLook('planning.awaiting_approval').tone).toBe('wait');
  expect(stateLook('planning.assessing').tone).toBe('run');
  expect(stateLook('constructor').tone).toBe('idle');
});
