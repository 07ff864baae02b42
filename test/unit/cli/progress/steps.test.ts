import { describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../../../../src/actors/progress.js';
import { Steps } from '../../../../src/cli/progress/steps.js';

type Short =
  string | { applied: string } | { start: string } | { output: string } | { end: string; required?: boolean };

function toEvent(short: Short): ProgressEvent {
  const taskId = 'si-1';
  if (typeof short === 'string') return { type: 'state', taskId, state: short };
  if ('applied' in short) return { type: 'applied', taskId, path: short.applied };
  if ('start' in short) return { type: 'check-started', taskId, name: short.start };
  if ('output' in short) return { type: 'check-output', taskId, name: 'c', chunk: Buffer.from(short.output) };
  const result = {
    name: 'c',
    type: 'custom' as const,
    required: short.required ?? true,
    exitCode: 0,
    signal: null,
  };
  const status = short.end === '' ? ('passed' as const) : ('failed' as const);
  const rest = {
    durationMs: 1,
    output: '',
    logPath: null,
    ...(short.end === '' ? {} : { reason: short.end }),
  };
  return { type: 'check-finished', taskId, result: { ...result, ...rest, status } };
}

function stepsOf(...events: Short[]): string[] {
  let now = 0;
  const steps = new Steps(() => (now += 10), { started: () => undefined, ended: () => undefined });
  for (const event of events) steps.take(toEvent(event));
  return steps.all.map(({ label, outcome, detail }) => `${label}: ${outcome} ${detail}`.trimEnd());
}

const untilChecks: Short[] = [
  'planning.assessing',
  'planning.ready',
  'implementing.backing_up',
  'implementing.checkpointing',
  'implementing.applying',
  { applied: 'a' },
  { applied: 'b' },
  'testing.running_checks',
];

describe('steps', () => {
  it('follow an improvement to its end', () => {
    expect(stepsOf(...untilChecks, { start: 'c' }, { end: '' }, 'testing.sealing', 'completed')).toEqual([
      'Plan: done',
      'Back up: done',
      'Checkpoint: done',
      'Apply: done 2 files',
      'c: done',
      'Keep: done',
    ]);
  });

  it('tell a check that failed from one that only reports', () => {
    const ends = stepsOf({ start: 'c' }, { end: 'bad' }, { start: 'd' }, { end: 'ugly', required: false });
    expect(ends).toEqual(['c: failed bad', 'd: warned ugly']);
  });

  it('show the newest line of a running check', () => {
    expect(stepsOf({ start: 'c' }, { output: 'one\ntw' }, { output: 'o\n\n' })).toEqual(['c: running two']);
    expect(stepsOf({ start: 'c' }, { output: '10%\r\u001b[32m20%\u001b[0m' })).toEqual(['c: running 20%']);
    expect(stepsOf({ start: 'c' }, { output: 'x\u202e' })).toEqual(['c: running x\\u{202e}']);
    expect(stepsOf({ start: 'c' }, { output: 'x' }, { end: '' }, { start: 'd' })).toEqual([
      'c: done',
      'd: running',
    ]);
  });

  it('are stopped by a rollback', () => {
    expect(stepsOf(...untilChecks, { start: 'c' }, 'rolling_back', 'cancelled').slice(-2)).toEqual([
      'c: stopped',
      'Roll back: done',
    ]);
    expect(stepsOf('implementing.applying', 'rolling_back', 'rollback_failed')).toEqual([
      'Apply: stopped',
      'Roll back: failed',
    ]);
  });

  it('name an improvement of before that is taken back first', () => {
    expect(stepsOf('rolling_back')).toEqual(['Roll back: running si-1']);
  });
});
