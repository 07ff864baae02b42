import type { AnyEventObject } from 'xstate';
import type { RestartContext, RestartInput } from '../../machines/index.js';
import { outcomeEvent } from '../../src/testing/machine/outcome-event.js';

const { done, error } = outcomeEvent;

const failure = (code: string) => Object.assign(new Error(`${code} happened`), { code, remedy: 'Mend it.' });

/** What people, the program and the guard send. */
const publicEvents: AnyEventObject[] = [
  { type: 'CANCEL' },
  { type: 'CONFIRMED' },
  { type: 'TAKEN_BACK' },
  { type: 'PROGRAM_EXITED', message: 'it exited with code 1' },
  { type: 'INTERRUPTED' },
];

/** How each invoked actor can end. */
const outcomes: AnyEventObject[] = [
  done('waitUntilDue'),
  error('waitUntilDue', failure('STATE_UNREADABLE')),
  done('drainProgram'),
  error('drainProgram', 'not even an error'),
  done('stopProgram'),
  error('stopProgram', failure('PROGRAM_NOT_STOPPED')),
  done('startProgram'),
  error('startProgram', failure('PROGRAM_NOT_READY')),
  done('watchHealth', 1_700_000_000_000),
  error('watchHealth', failure('PROGRAM_EXITED')),
  done('awaitPerson'),
  error('awaitPerson', failure('STATE_UNREADABLE')),
  done('keepChange'),
  error('keepChange', failure('STATE_UNREADABLE')),
  done('takeBackChange'),
  error('takeBackChange', failure('ROLLBACK_FAILED')),
  done('enterSafeMode'),
  error('enterSafeMode', failure('STATE_NOT_SAVED')),
];

const input: RestartInput = {
  restartId: 'rs-1',
  taskId: 'si-1',
  reason: 'Self-improvement: greet politely',
  dueAt: 1_700_000_000_000,
  settings: {
    drainMs: 1,
    stopMs: 1,
    readyWithinMs: 1,
    confirmAfterMs: 1,
    attemptsMax: 2,
    confirmBy: 'health',
    confirmWithinMs: 3_600_000,
  },
};

/** The representative inputs, events and outcomes that walk the restart machine through all that it can do. */
export const restartModel = {
  inputs: [
    input,
    { ...input, settings: { ...input.settings, confirmBy: 'person' } },
    { ...input, settings: { ...input.settings, attemptsMax: 1, confirmBy: 'person' } },
    { ...input, taskId: null, settings: { ...input.settings, attemptsMax: 1 } },
  ] as RestartInput[],
  publicEvents,
  events: [...publicEvents, ...outcomes],
  decisive: (context: unknown) => {
    const { attempts, oldAttempts, isKept } = context as RestartContext;
    return [attempts, oldAttempts, isKept];
  },
};
