import { assign, fromPromise, setup } from 'xstate';
import { toFailure } from './improvement-guards.js';
import type {
  FailedStart,
  RestartContext,
  RestartEffectInput,
  RestartEvent,
  RestartInput,
  StartInput,
  StopInput,
  WaitInput,
} from './restart-types.js';

/** The version of the states and actor names below, as `improvementMachineVersion` is for the improvement. */
export const restartMachineVersion = 1;

const effect = <Input extends RestartEffectInput, Output = void>(name: string) =>
  fromPromise<Output, Input>(() => Promise.reject(new Error(`Actor "${name}" was not provided`)));

type Given = { context: RestartContext };

const restartOf = ({ context }: Given): RestartEffectInput => ({ restartId: context.restartId });
const startOf =
  (version: StartInput['version']) =>
  ({ context }: Given): StartInput => ({
    restartId: context.restartId,
    version,
    attempt: version === 'new' ? context.attempts : context.oldAttempts,
  });
const stopOf = ({ context }: Given): StopInput => ({
  restartId: context.restartId,
  hasFailed: context.attempts > 0,
});

const errorOf = ({ event }: { event: { error: unknown } }) => ({ error: event.error });
const interruption = () => ({
  error: Object.assign(new Error('what watched over it was ended while it was being tried'), {
    code: 'INTERRUPTED',
  }),
});

const because = (cause: NonNullable<RestartContext['cause']>) =>
  ({ type: 'recordCause', params: { cause } }) as const;

/** A start of the new version failed: once more, or the change is taken back, where there is one. */
const newVersionFailed = <Event>(error: (args: { event: Event }) => { error: unknown }) => {
  const actions = { type: 'recordFailedStart', params: error } as const;
  return [
    { guard: 'attemptsAreLeft', target: '#restart.stopping', actions },
    { guard: 'changeCanBeTakenBack', target: '#restart.reverting', actions: [actions, because('failed')] },
    { target: '#restart.giving_up', actions: [actions, because('failed')] },
  ] as const;
};

const exited = {
  type: 'recordFailedStart',
  params: ({ event }: { event: { message: string } }) => ({
    error: Object.assign(new Error(event.message), { code: 'PROGRAM_EXITED' }),
  }),
} as const;
const exitWhileWaiting = [
  { guard: 'attemptsAreLeft', target: '#restart.stopping', actions: exited },
  { target: '#restart.reverting', actions: [exited, because('failed')] },
] as const;

/** A start of the old version failed: once more, or nothing more is tried. */
const oldVersionFailed = <Event>(error: (args: { event: Event }) => { error: unknown }) => {
  const actions = { type: 'recordFailedStartOfOld', params: error } as const;
  return [
    { guard: 'oldAttemptsAreLeft', target: '#restart.reverting.stopping', actions },
    { target: '#restart.giving_up', actions },
  ] as const;
};

const failedStart = (
  attempt: number,
  version: FailedStart['version'],
  { error }: { error: unknown },
): FailedStart => {
  const { code, message } = toFailure(error);
  return { attempt, version, code, message };
};

/**
 * One restart, from the decision to the end of the probation. The new version is only kept once it has proved itself;
 * otherwise the change is taken back and the old version is started. If that fails as well, the program stays stopped.
 *
 * Each actor must be idempotent. What is started is counted in the context, and thus on disk, before the start.
 */
export const restartMachine = setup({
  types: {
    input: {} as RestartInput,
    context: {} as RestartContext,
    events: {} as RestartEvent,
  },
  actors: {
    /** Waits for the time of the restart, and for the improvement to be written down. */
    waitUntilDue: effect<WaitInput>('waitUntilDue'),
    /** Has the program answer what is under way, or ends the waiting. */
    drainProgram: effect<RestartEffectInput>('drainProgram'),
    /** Ends the program, if one runs. */
    stopProgram: effect<StopInput>('stopProgram'),
    /** Starts the program and waits until it is ready. */
    startProgram: effect<StartInput>('startProgram'),
    /** Watches the program for as long as it must stay well. Answers when that was, in milliseconds since the epoch. */
    watchHealth: effect<RestartEffectInput, number>('watchHealth'),
    /** Waits for a person's word, no longer than until the deadline. Its end means that none came. */
    awaitPerson: effect<WaitInput>('awaitPerson'),
    /** Says of the improvement that it is good. */
    keepChange: effect<RestartEffectInput>('keepChange'),
    /** Takes the improvement back, and what was built of it. */
    takeBackChange: effect<RestartEffectInput>('takeBackChange'),
    /** Ends the program and writes down for people why nothing is tried any more. */
    enterSafeMode: effect<RestartEffectInput>('enterSafeMode'),
  },
  guards: {
    attemptsAreLeft: ({ context }) => context.attempts < context.settings.attemptsMax,
    oldAttemptsAreLeft: ({ context }) => context.oldAttempts < context.settings.attemptsMax,
    changeCanBeTakenBack: ({ context }) => context.taskId !== null && !context.isKept,
    personConfirms: ({ context }) =>
      context.settings.confirmBy === 'person' && context.taskId !== null && !context.isKept,
  },
  actions: {
    countAttempt: assign(({ context }) => ({ attempts: context.attempts + 1 })),
    countOldAttempt: assign(({ context }) => ({ oldAttempts: context.oldAttempts + 1 })),
    recordKept: assign({ isKept: true }),
    recordCause: assign((_, params: { cause: NonNullable<RestartContext['cause']> }) => ({
      cause: params.cause,
    })),
    recordFailure: assign((_, params: { error: unknown }) => ({ failure: toFailure(params.error) })),
    recordFailedStart: assign(({ context }, params: { error: unknown }) => ({
      failedStarts: [...context.failedStarts, failedStart(context.attempts, 'new', params)],
    })),
    recordFailedStartOfOld: assign(({ context }, params: { error: unknown }) => ({
      failedStarts: [...context.failedStarts, failedStart(context.oldAttempts, 'old', params)],
    })),
    /** Once: a guard that was ended meanwhile gives nobody more time. */
    setDeadline: assign(({ context }, params: { now: number }) => ({
      confirmBefore: context.confirmBefore ?? params.now + context.settings.confirmWithinMs,
    })),
  },
}).createMachine({
  id: 'restart',
  context: ({ input }) => ({
    ...input,
    attempts: 0,
    oldAttempts: 0,
    failedStarts: [],
    isKept: false,
    confirmBefore: null,
    cause: null,
    failure: null,
  }),
  initial: 'scheduled',
  states: {
    scheduled: {
      on: {
        CONFIRMED: { actions: 'recordKept' },
        CANCEL: 'cancelled',
        TAKEN_BACK: 'cancelled',
        /** Nothing is left to be drained. */
        PROGRAM_EXITED: 'stopping',
      },
      invoke: {
        id: 'waitUntilDue',
        src: 'waitUntilDue',
        input: ({ context }) => ({ restartId: context.restartId, until: context.dueAt }),
        onDone: 'draining',
        onError: {
          target: 'cancelled',
          actions: { type: 'recordFailure', params: ({ event }) => ({ error: event.error }) },
        },
      },
    },

    /** What is under way is answered; a program that cannot is ended all the same. */
    draining: {
      on: {
        CONFIRMED: { actions: 'recordKept' },
        TAKEN_BACK: { target: 'reverting', actions: because('taken_back') },
      },
      invoke: {
        id: 'drainProgram',
        src: 'drainProgram',
        input: restartOf,
        onDone: 'stopping',
        onError: 'stopping',
      },
    },

    stopping: {
      on: {
        CONFIRMED: { actions: 'recordKept' },
        TAKEN_BACK: { target: 'reverting', actions: because('taken_back') },
      },
      invoke: {
        id: 'stopProgram',
        src: 'stopProgram',
        input: stopOf,
        onDone: 'starting',
        onError: {
          target: 'giving_up',
          actions: { type: 'recordFailure', params: ({ event }) => ({ error: event.error }) },
        },
      },
    },

    starting: {
      entry: 'countAttempt',
      on: {
        CONFIRMED: { actions: 'recordKept' },
        TAKEN_BACK: { target: 'reverting', actions: because('taken_back') },
        INTERRUPTED: newVersionFailed(interruption),
      },
      invoke: {
        id: 'startProgram',
        src: 'startProgram',
        input: startOf('new'),
        onDone: 'confirming',
        onError: newVersionFailed(errorOf),
      },
    },

    /** Ready is not yet good. */
    confirming: {
      initial: 'watching',
      on: {
        CONFIRMED: { target: 'confirmed', actions: 'recordKept' },
        TAKEN_BACK: { target: 'reverting', actions: because('taken_back') },
        INTERRUPTED: newVersionFailed(interruption),
      },
      states: {
        watching: {
          invoke: {
            id: 'watchHealth',
            src: 'watchHealth',
            input: restartOf,
            onDone: [
              {
                guard: 'personConfirms',
                target: 'awaiting_person',
                actions: { type: 'setDeadline', params: ({ event }) => ({ now: event.output }) },
              },
              { target: 'keeping' },
            ],
            onError: newVersionFailed(errorOf),
          },
        },
        awaiting_person: {
          /** Here there is a change, and nobody has kept it. */
          on: { PROGRAM_EXITED: exitWhileWaiting },
          invoke: {
            id: 'awaitPerson',
            src: 'awaitPerson',
            input: ({ context }) => ({
              restartId: context.restartId,
              until: context.confirmBefore ?? 0,
            }),
            onDone: { target: '#restart.reverting', actions: because('not_confirmed') },
            onError: {
              target: '#restart.reverting',
              actions: [
                { type: 'recordFailure', params: ({ event }) => ({ error: event.error }) },
                because('not_confirmed'),
              ],
            },
          },
        },
        keeping: {
          invoke: {
            id: 'keepChange',
            src: 'keepChange',
            input: restartOf,
            onDone: '#restart.confirmed',
            /** The program is well and is not stopped for that; people are told. */
            onError: {
              target: '#restart.confirmed',
              actions: { type: 'recordFailure', params: ({ event }) => ({ error: event.error }) },
            },
          },
        },
      },
    },

    /** The old version comes back, and has to prove itself like any other. */
    reverting: {
      initial: 'stopping',
      states: {
        stopping: {
          invoke: {
            id: 'stopProgram',
            src: 'stopProgram',
            input: stopOf,
            onDone: 'taking_back',
            onError: {
              target: '#restart.giving_up',
              actions: { type: 'recordFailure', params: ({ event }) => ({ error: event.error }) },
            },
          },
        },
        taking_back: {
          invoke: {
            id: 'takeBackChange',
            src: 'takeBackChange',
            input: restartOf,
            onDone: 'starting',
            onError: {
              target: '#restart.giving_up',
              actions: { type: 'recordFailure', params: ({ event }) => ({ error: event.error }) },
            },
          },
        },
        starting: {
          entry: 'countOldAttempt',
          on: { INTERRUPTED: oldVersionFailed(interruption) },
          invoke: {
            id: 'startProgram',
            src: 'startProgram',
            input: startOf('old'),
            onDone: 'confirming',
            onError: oldVersionFailed(errorOf),
          },
        },
        confirming: {
          on: { INTERRUPTED: oldVersionFailed(interruption) },
          invoke: {
            id: 'watchHealth',
            src: 'watchHealth',
            input: restartOf,
            onDone: '#restart.reverted',
            onError: oldVersionFailed(errorOf),
          },
        },
      },
    },

    /** Nothing more is tried: a loop helps nobody. */
    giving_up: {
      invoke: {
        id: 'enterSafeMode',
        src: 'enterSafeMode',
        input: restartOf,
        onDone: 'safe_mode',
        onError: {
          target: 'safe_mode',
          actions: { type: 'recordFailure', params: ({ event }) => ({ error: event.error }) },
        },
      },
    },

    confirmed: { type: 'final' },
    reverted: { type: 'final' },
    cancelled: { type: 'final' },
    /** The program is stopped until a person says that it may be started again. */
    safe_mode: { type: 'final' },
  },
});
