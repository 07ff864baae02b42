import { assign, fromPromise, setup } from 'xstate';
import { checksPassed, rollbackSucceeded, toFailure } from './improvement-guards.js';
import type {
  Approval,
  Checkpoint,
  CheckResult,
  EffectInput,
  Failure,
  ImprovementContext,
  ImprovementEvent,
  ImprovementInput,
  Cause,
  RestartAnswer,
  RollbackReport,
  UndeclaredReport,
} from './improvement-types.js';

/**
 * The version of the states and actor names below. Raise it when a snapshot written before could not be restored after;
 * the store refuses or migrates older ones (docs/format.md).
 */
export const improvementMachineVersion = 1;

const effect = <Output>(name: string) =>
  fromPromise<Output, EffectInput>(() => Promise.reject(new Error(`Actor "${name}" was not provided`)));

/** Notes what went wrong, and what is therefore given up or taken back. */
const failed = (cause: Cause) =>
  ({
    type: 'recordFailure',
    params: ({ event }: { event: { error: unknown } }) => ({ error: event.error, cause }),
  }) as const;

const because = (cause: Cause) => ({ type: 'recordCause', params: { cause } }) as const;

const signatureOf = ({ by, at, why }: Approval): Approval => ({
  by,
  at,
  ...(why === undefined ? {} : { why }),
});

const taskOf = ({ context }: { context: ImprovementContext }): EffectInput => ({ taskId: context.taskId });

/**
 * One improvement, from plan to end. The machine decides; everything that touches files, git, processes or people is an
 * invoked actor, given by `.provide({ actors })`.
 *
 * Each actor must be idempotent: a restored snapshot runs the actor that was in flight again.
 */
export const improvementMachine = setup({
  types: {
    input: {} as ImprovementInput,
    context: {} as ImprovementContext,
    events: {} as ImprovementEvent,
  },
  actors: {
    /** Takes the before-images of every planned path. */
    assessPlan: effect<void>('assessPlan'),
    /** Verifies that nothing planned has changed since, and that every before-image is whole. */
    backUp: effect<void>('backUp'),
    /** Makes the restore point of the working tree. */
    createCheckpoint: effect<Checkpoint>('createCheckpoint'),
    /** Stages all new bytes, journals every intent, then swaps file by file. Answers the paths. */
    applyChanges: effect<string[]>('applyChanges'),
    /** Runs every check of the plan. */
    runChecks: effect<CheckResult[]>('runChecks'),
    /**
     * Verifies the planned bytes once more and writes the decision to keep them. May answer what else changed while the
     * checks ran.
     */
    sealChanges: effect<UndeclaredReport | null | void>('sealChanges'),
    /** Tells the host to restart. */
    scheduleRestart: effect<RestartAnswer | void>('scheduleRestart'),
    /** Puts every path back, verified; safe to run any number of times. */
    rollBack: effect<RollbackReport>('rollBack'),
  },
  guards: {
    isUndo: ({ context }) => context.cause === 'requested',
    approvalIsRequired: ({ context }) => context.approvalRequired,
    approvesThisPlan: ({ context }, params: { planDigest: string }) =>
      params.planDigest === context.planDigest,
    planIsStale: (_, params: { error: unknown }) => toFailure(params.error).code === 'PLAN_STALE',
    isConflict: (_, params: { error: unknown }) => toFailure(params.error).code === 'EDIT_CONFLICT',
    checksPassed: (_, params: { checks: CheckResult[] }) => checksPassed(params.checks),
    restartIsNeeded: ({ context }) => context.needsRestart,
    confirmationIsRequired: ({ context }) => context.needsRestart && context.confirmationRequired,
    restartWillConfirm: (_, params: { answer: RestartAnswer | void }) => params.answer?.willConfirm === true,
    everythingIsBack: (_, params: { report: RollbackReport }) => rollbackSucceeded(params.report),
    wasCancelledAndEverythingIsBack: ({ context }, params: { report: RollbackReport }) =>
      context.cause === 'cancelled' && rollbackSucceeded(params.report),
  },
  actions: {
    recordApproval: assign((_, params: Approval) => ({ approval: params })),
    recordRejection: assign((_, params: Approval) => ({ rejection: params })),
    recordConfirmation: assign((_, params: Approval) => ({ confirmation: params })),
    recordCheckpoint: assign((_, params: { checkpoint: Checkpoint }) => ({ checkpoint: params.checkpoint })),
    recordApplied: assign((_, params: { paths: string[] }) => ({ appliedPaths: params.paths })),
    recordChecks: assign((_, params: { checks: CheckResult[] }) => ({ checks: params.checks })),
    recordUndeclared: assign((_, params: { report: UndeclaredReport | null | void }) => ({
      undeclared: params.report ?? null,
    })),
    recordCause: assign((_, params: { cause: Cause }) => ({ cause: params.cause })),
    recordReason: assign((_, params: { failure: Failure | null }) => ({ failure: params.failure })),
    recordFailure: assign((_, params: { error: unknown; cause: Cause }) => ({
      failure: toFailure(params.error),
      cause: params.cause,
    })),
    recordRestartFailure: assign((_, params: { error: unknown }) => ({
      restartFailure: toFailure(params.error),
    })),
    recordRollback: assign(({ context }, params: { report: RollbackReport }) => ({
      rollback: params.report,
      undeclared: params.report.undeclared ?? context.undeclared ?? null,
      rollbackFailure: null,
    })),
    recordRollbackFailure: assign((_, params: { error: unknown }) => ({
      rollbackFailure: toFailure(params.error),
    })),
  },
}).createMachine({
  id: 'improvement',
  context: ({ input: { undo, ...input } }) =>
    undo
      ? { ...undo.context, cause: 'requested', failure: null, rollback: null, rollbackFailure: null }
      : {
          ...input,
          approval: null,
          checkpoint: null,
          appliedPaths: [],
          checks: [],
          undeclared: null,
          rejection: null,
          confirmation: null,
          cause: null,
          failure: null,
          restartFailure: null,
          rollback: null,
          rollbackFailure: null,
        },
  initial: 'entry',
  states: {
    /** Transient: a new improvement is planned, a completed one is undone. */
    entry: { always: [{ guard: 'isUndo', target: 'rolling_back' }, { target: 'planning' }] },

    planning: {
      initial: 'assessing',
      on: {
        CANCEL: { target: 'cancelled', actions: because('cancelled') },
      },
      states: {
        assessing: {
          on: {
            INTERRUPTED: {
              target: '#improvement.cancelled',
              actions: because('interrupted'),
            },
          },
          invoke: {
            id: 'assessPlan',
            src: 'assessPlan',
            input: taskOf,
            onDone: [{ guard: 'approvalIsRequired', target: 'awaiting_approval' }, { target: 'ready' }],
            onError: {
              target: '#improvement.cancelled',
              actions: failed('refused'),
            },
          },
        },
        awaiting_approval: {
          on: {
            APPROVE: {
              guard: { type: 'approvesThisPlan', params: ({ event }) => ({ planDigest: event.planDigest }) },
              target: 'ready',
              actions: { type: 'recordApproval', params: ({ event }) => signatureOf(event) },
            },
            REJECT: {
              target: '#improvement.cancelled',
              actions: [
                because('cancelled'),
                { type: 'recordRejection', params: ({ event }) => signatureOf(event) },
              ],
            },
          },
        },
        ready: { on: { EXECUTE: '#improvement.implementing' } },
      },
    },

    implementing: {
      initial: 'backing_up',
      on: {
        CANCEL: { target: 'rolling_back', actions: because('cancelled') },
        INTERRUPTED: {
          target: 'rolling_back',
          actions: because('interrupted'),
        },
      },
      states: {
        backing_up: {
          invoke: {
            id: 'backUp',
            src: 'backUp',
            input: taskOf,
            onDone: 'checkpointing',
            onError: [
              {
                guard: { type: 'planIsStale', params: ({ event }) => ({ error: event.error }) },
                target: '#improvement.cancelled',
                actions: failed('refused'),
              },
              {
                target: '#improvement.rolling_back',
                actions: failed('apply_failed'),
              },
            ],
          },
        },
        checkpointing: {
          invoke: {
            id: 'createCheckpoint',
            src: 'createCheckpoint',
            input: taskOf,
            onDone: {
              target: 'applying',
              actions: { type: 'recordCheckpoint', params: ({ event }) => ({ checkpoint: event.output }) },
            },
            onError: {
              target: '#improvement.rolling_back',
              actions: failed('apply_failed'),
            },
          },
        },
        applying: {
          invoke: {
            id: 'applyChanges',
            src: 'applyChanges',
            input: taskOf,
            onDone: {
              target: '#improvement.testing',
              actions: { type: 'recordApplied', params: ({ event }) => ({ paths: event.output }) },
            },
            onError: [
              {
                guard: { type: 'isConflict', params: ({ event }) => ({ error: event.error }) },
                target: '#improvement.rolling_back',
                actions: failed('conflict'),
              },
              {
                target: '#improvement.rolling_back',
                actions: failed('apply_failed'),
              },
            ],
          },
        },
      },
    },

    testing: {
      initial: 'running_checks',
      states: {
        running_checks: {
          on: {
            CANCEL: {
              target: '#improvement.rolling_back',
              actions: because('cancelled'),
            },
            INTERRUPTED: {
              target: '#improvement.rolling_back',
              actions: because('interrupted'),
            },
          },
          invoke: {
            id: 'runChecks',
            src: 'runChecks',
            input: taskOf,
            onDone: [
              {
                guard: { type: 'checksPassed', params: ({ event }) => ({ checks: event.output }) },
                target: 'sealing',
                actions: { type: 'recordChecks', params: ({ event }) => ({ checks: event.output }) },
              },
              {
                target: '#improvement.rolling_back',
                actions: [
                  { type: 'recordChecks', params: ({ event }) => ({ checks: event.output }) },
                  because('checks_failed'),
                ],
              },
            ],
            onError: {
              target: '#improvement.rolling_back',
              actions: failed('checks_failed'),
            },
          },
        },
        /** The point of no return: a CANCEL that arrives while the decision is being written comes too late. */
        sealing: {
          on: {
            /** Recovery sends this only where the journal holds no decision. */
            INTERRUPTED: {
              target: '#improvement.rolling_back',
              actions: because('interrupted'),
            },
          },
          invoke: {
            id: 'sealChanges',
            src: 'sealChanges',
            input: taskOf,
            onDone: [
              {
                guard: 'restartIsNeeded',
                target: 'scheduling_restart',
                actions: { type: 'recordUndeclared', params: ({ event }) => ({ report: event.output }) },
              },
              {
                target: '#improvement.completed',
                actions: { type: 'recordUndeclared', params: ({ event }) => ({ report: event.output }) },
              },
            ],
            onError: [
              {
                guard: { type: 'isConflict', params: ({ event }) => ({ error: event.error }) },
                target: '#improvement.rolling_back',
                actions: failed('conflict'),
              },
              {
                target: '#improvement.rolling_back',
                actions: failed('apply_failed'),
              },
            ],
          },
        },
        scheduling_restart: {
          invoke: {
            id: 'scheduleRestart',
            src: 'scheduleRestart',
            input: taskOf,
            onDone: [
              {
                guard: { type: 'restartWillConfirm', params: ({ event }) => ({ answer: event.output }) },
                target: '#improvement.awaiting_confirmation',
              },
              { guard: 'confirmationIsRequired', target: '#improvement.awaiting_confirmation' },
              { target: '#improvement.completed' },
            ],
            /** The change is good and stays; that the host could not be told to restart is reported. */
            onError: [
              {
                guard: 'confirmationIsRequired',
                target: '#improvement.awaiting_confirmation',
                actions: { type: 'recordRestartFailure', params: ({ event }) => ({ error: event.error }) },
              },
              {
                target: '#improvement.completed',
                actions: { type: 'recordRestartFailure', params: ({ event }) => ({ error: event.error }) },
              },
            ],
          },
        },
      },
    },

    /** The new version runs on probation: before-images are kept until somebody says that it is good. */
    awaiting_confirmation: {
      on: {
        CONFIRM: {
          target: 'completed',
          actions: { type: 'recordConfirmation', params: ({ event }) => signatureOf(event) },
        },
        ROLL_BACK: {
          target: 'rolling_back',
          actions: [
            { type: 'recordCause', params: ({ event }) => ({ cause: event.cause }) },
            { type: 'recordReason', params: ({ event }) => ({ failure: event.failure ?? null }) },
          ],
        },
        CANCEL: { target: 'rolling_back', actions: because('cancelled') },
      },
    },

    /** Cannot be cancelled, and does not depend on anything but the journal. */
    rolling_back: {
      invoke: {
        id: 'rollBack',
        src: 'rollBack',
        input: taskOf,
        onDone: [
          {
            guard: {
              type: 'wasCancelledAndEverythingIsBack',
              params: ({ event }) => ({ report: event.output }),
            },
            target: 'cancelled',
            actions: { type: 'recordRollback', params: ({ event }) => ({ report: event.output }) },
          },
          {
            guard: { type: 'everythingIsBack', params: ({ event }) => ({ report: event.output }) },
            target: 'rolled_back',
            actions: { type: 'recordRollback', params: ({ event }) => ({ report: event.output }) },
          },
          {
            target: 'rollback_failed',
            actions: { type: 'recordRollback', params: ({ event }) => ({ report: event.output }) },
          },
        ],
        onError: {
          target: 'rollback_failed',
          actions: { type: 'recordRollbackFailure', params: ({ event }) => ({ error: event.error }) },
        },
      },
    },

    /** Waits for a person. No new improvement starts before this one is put right. */
    rollback_failed: { on: { RETRY_ROLLBACK: 'rolling_back' } },

    completed: { type: 'final' },
    rolled_back: { type: 'final' },
    cancelled: { type: 'final' },
  },
});
