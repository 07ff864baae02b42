import type { CheckResult, ImprovementContext } from '../../machines/improvement-types.js';
import type { Plan } from '../plan/plan.js';
import type { Milestone, Notice } from './notifier.js';

export interface NoticeFacts {
  plan: Plan;
  context: ImprovementContext;
  /** For `check_finished`. */
  check?: CheckResult;
}

type Words = Pick<Notice, 'title' | 'message' | 'urgency'>;

/** The words for each milestone; titles and emoji are those of the seed. */
const words: Record<Milestone, (facts: NoticeFacts) => Words> = {
  planned: ({ plan }) => ({
    title: 'Self-Improvement Planned',
    message: `:wrench: *${plan.description}*\n\nTarget files: ${plan.paths.length}\nChanges: ${plan.changes.length}\nRequires restart: ${plan.requiresRestart}`,
    urgency: 'normal',
  }),
  approved: ({ plan, context }) => ({
    title: 'Self-Improvement Approved',
    message: `:ballot_box_with_check: *${plan.description}*\n\nBy ${context.approval?.by ?? 'nobody'}`,
    urgency: 'normal',
  }),
  started: ({ plan }) => ({
    title: 'Self-Improvement Started',
    message: `:arrow_forward: *${plan.description}*`,
    urgency: 'low',
  }),
  applied: ({ plan, context }) => ({
    title: 'Self-Improvement Applied',
    message: `:pencil2: *${plan.description}*\n\nChanges applied: ${context.appliedPaths.length}. Checks are running.`,
    urgency: 'low',
  }),
  check_finished: ({ plan, check }) => ({
    title: 'Self-Improvement Check',
    message: `${check?.status === 'passed' ? ':heavy_check_mark:' : ':heavy_multiplication_x:'} *${plan.description}*\n\n${check?.name}: ${check?.status}`,
    urgency: 'low',
  }),
  completed: ({ plan, context }) => ({
    title: 'Self-Improvement Completed',
    message: `:white_check_mark: *${plan.description}*\n\nChanges applied: ${context.appliedPaths.length}\n${context.needsRestart ? ':warning: Restart required' : 'No restart needed'}`,
    urgency: 'normal',
  }),
  failed: ({ plan, context }) => ({
    title: context.cause === 'checks_failed' ? 'Self-Improvement Failed' : 'Self-Improvement Error',
    message: `:x: *${plan.description}*\n\n${context.cause === 'checks_failed' ? 'Validation failed.' : `Error: ${context.failure?.message ?? context.cause}`} Changes are rolled back.`,
    urgency: context.cause === 'checks_failed' ? 'high' : 'critical',
  }),
  rolled_back: ({ plan, context }) => ({
    title: 'Self-Improvement Rolled Back',
    message: `:leftwards_arrow_with_hook: *${plan.description}*\n\nFiles put back: ${context.rollback?.restored.length ?? 0}`,
    urgency: 'high',
  }),
  cancelled: ({ plan }) => ({
    title: 'Self-Improvement Cancelled',
    message: `:no_entry_sign: *${plan.description}*`,
    urgency: 'normal',
  }),
  rollback_failed: ({ plan, context }) => ({
    title: 'Self-Improvement Error',
    message: `:x: *${plan.description}*\n\nRollback: Failed\n${context.rollback?.failed.map(({ path, reason }) => `${path}: ${reason}`).join('\n') ?? ''}`,
    urgency: 'critical',
  }),
  restart_scheduled: ({ plan }) => ({
    title: 'Self-Improvement Restart Scheduled',
    message: `:arrows_counterclockwise: *${plan.description}*\n\nIn ${plan.restartDelayMs / 1000} s`,
    urgency: 'normal',
  }),
  confirmed: ({ plan, context }) => ({
    title: 'Self-Improvement Confirmed',
    message: `:white_check_mark: *${plan.description}*\n\nBy ${context.confirmation?.by ?? 'nobody'}`,
    urgency: 'normal',
  }),
};

export function composeNotice(milestone: Milestone, facts: NoticeFacts, now: number): Notice {
  return {
    type: 'alert',
    milestone,
    taskId: facts.plan.taskId,
    timestamp: new Date(now).toISOString(),
    ...words[milestone](facts),
  };
}
