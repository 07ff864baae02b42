import type { AnyEventObject } from 'xstate';
import type { CheckResult, ImprovementContext, ImprovementInput } from '../../machines/index.js';
import { outcomeEvent } from './outcome-event.js';

const { done, error } = outcomeEvent;

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

/** How each invoked actor can end. */
const outcomes: AnyEventObject[] = [
  done('assessPlan'),
  error('assessPlan', failure('STATE_NOT_SAVED')),
  done('backUp'),
  error('backUp', failure('PLAN_STALE')),
  error('backUp', failure('STATE_NOT_SAVED')),
  done('createCheckpoint', { kind: 'git', commit: 'c0ffee', notices: [] }),
  done('createCheckpoint', { kind: 'none', reason: 'no git repository' }),
  error('createCheckpoint', failure('GIT_FAILED')),
  done('applyChanges', ['src/a.ts', 'src/b.ts']),
  error('applyChanges', failure('EDIT_CONFLICT')),
  error('applyChanges', 'not even an error'),
  done('runChecks', [check('passed'), check('failed', false)]),
  done('runChecks', [check('passed'), check('failed')]),
  done('runChecks', [check('timed_out')]),
  done('runChecks', [check('not_run')]),
  done('runChecks', [check('passed', false)]),
  done('runChecks', []),
  error('runChecks', new Error('no code')),
  done('sealChanges'),
  error('sealChanges', failure('EDIT_CONFLICT')),
  error('sealChanges', failure('STATE_NOT_SAVED')),
  done('scheduleRestart'),
  error('scheduleRestart', failure('RESTART_FAILED')),
  done('rollBack', report([])),
  done('rollBack', report(['src/a.ts'])),
  error('rollBack', failure('STATE_UNREADABLE')),
];

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
  publicEvents,
  events: [...publicEvents, ...outcomes],
  check,
  decisive: (context: unknown) => (context as ImprovementContext).cause,
};
