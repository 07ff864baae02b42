import type { AnyEventObject } from 'xstate';
import type {
  CheckResult,
  ImprovementContext,
  ImprovementInput,
} from '../../../machines/improvement-types.js';
import type { ActorOutcome } from './machine-model.js';

const failure = (code: string) => Object.assign(new Error(`${code} happened`), { code, remedy: 'Mend it.' });

const check = (status: CheckResult['status'], required = true): CheckResult => ({
  name: 'test',
  type: 'test',
  required,
  status,
  exitCode: status === 'passed' ? 0 : null,
  signal: null,
  durationMs: 5,
  output: 'the output',
  logPath: null,
});

const report = (paths: string[]) => ({
  restored: ['src/a.ts'],
  kept: [],
  displaced: [{ path: 'src/b.ts', savedAt: '/state/displaced/b' }],
  failed: paths.map((path) => ({ path, reason: 'EACCES', savedAt: '/state/before/a' })),
});

const byAnn = { by: 'ann', at: '2026-01-02T03:04:05.000Z', why: 'looks right' };

/** What people and the host send. */
const publicEvents: AnyEventObject[] = [
  { type: 'EXECUTE' },
  { type: 'APPROVE', planDigest: 'digest', ...byAnn },
  { type: 'APPROVE', planDigest: 'digest of another plan', ...byAnn },
  { type: 'REJECT', ...byAnn },
  { type: 'CANCEL' },
  { type: 'INTERRUPTED' },
  { type: 'CONFIRM', ...byAnn },
  { type: 'ROLL_BACK', cause: 'requested' },
  { type: 'ROLL_BACK', cause: 'not_confirmed' },
  { type: 'RETRY_ROLLBACK' },
];

const done = (output?: unknown): ActorOutcome => ({ output });
const error = (reason: unknown): ActorOutcome => ({ error: reason });

/** How each invoked actor can end. */
const outcomes: Record<string, ActorOutcome[]> = {
  assessPlan: [done(), error(failure('STATE_NOT_SAVED'))],
  backUp: [done(), error(failure('PLAN_STALE')), error(failure('STATE_NOT_SAVED'))],
  createCheckpoint: [
    done({ kind: 'git', commit: 'c0ffee', notices: [] }),
    done({ kind: 'none', reason: 'no git repository' }),
    error(failure('GIT_FAILED')),
  ],
  applyChanges: [done(['src/a.ts', 'src/b.ts']), error(failure('EDIT_CONFLICT')), error('not even an error')],
  runChecks: [
    done([check('passed'), check('failed', false)]),
    done([check('passed'), check('failed')]),
    done([check('timed_out')]),
    done([check('not_run')]),
    done([check('passed', false)]),
    done([]),
    error(new Error('no code')),
  ],
  sealChanges: [done(), error(failure('EDIT_CONFLICT')), error(failure('STATE_NOT_SAVED'))],
  scheduleRestart: [done(), done({ willConfirm: true }), error(failure('RESTART_FAILED'))],
  rollBack: [done(report([])), done(report(['src/a.ts'])), error(failure('STATE_UNREADABLE'))],
};

const bothWays = [true, false];
const plans: ImprovementInput[] = bothWays.flatMap((approvalRequired) =>
  bothWays.flatMap((needsRestart) =>
    bothWays.map((confirmationRequired) => ({
      taskId: 'si-1',
      planDigest: 'digest',
      approvalRequired,
      needsRestart,
      confirmationRequired,
    })),
  ),
);

const completed: ImprovementContext = {
  taskId: 'si-1',
  planDigest: 'digest',
  approvalRequired: true,
  needsRestart: true,
  confirmationRequired: true,
  approval: byAnn,
  checkpoint: { kind: 'git', commit: 'c0ffee', notices: [] },
  appliedPaths: ['src/a.ts', 'src/b.ts'],
  checks: [check('passed')],
  rejection: null,
  confirmation: byAnn,
  cause: null,
  failure: null,
  restartFailure: null,
  rollback: null,
  rollbackFailure: null,
};

/** The representative inputs, events and outcomes that walk the improvement machine through all that it can do. */
export const improvementModel = {
  inputs: [...plans, { ...completed, undo: { context: completed } }] as ImprovementInput[],
  events: publicEvents,
  outcomes,
  check,
  decisive: (context: unknown) => (context as ImprovementContext).cause,
};
