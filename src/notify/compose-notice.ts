import type { CheckResult, ImprovementContext } from '../../machines/improvement-types.js';
import type { Plan } from '../plan/plan.js';
import type { Milestone, Notice, NoticeLog, NoticeSubject } from './notifier.js';

export interface NoticeFacts {
  plan: Plan;
  context: ImprovementContext;
  /** For `check_finished`. */
  check?: CheckResult;
}

const maxFiles = 200;

interface Words extends Pick<Notice, 'title' | 'urgency'> {
  emoji: string;
  /** Below the description. */
  body?: string;
}

const shownPaths = 5;

/** What changed outside the plan while the checks ran, on a line of its own; empty for nothing. */
function undeclaredLine({ undeclared }: ImprovementContext): string {
  const { changes = [], more = 0, unknown = null } = undeclared ?? {};
  if (unknown !== null) return `\n:warning: Changes outside the plan could not be looked for: ${unknown}`;
  if (changes.length === 0) return '';
  const shown = changes
    .slice(0, shownPaths)
    .map(({ path, restored }) => (restored ? `${path} (put back)` : path));
  const hidden = changes.length + more - shown.length;
  return `\n:warning: Changed outside the plan: ${[...shown, ...(hidden > 0 ? [`${hidden} more`] : [])].join(', ')}`;
}

/** The words for each milestone; titles and emoji are those of the seed. */
const words: Record<Milestone, (facts: NoticeFacts) => Words> = {
  planned: ({ plan }) => ({
    title: 'Self-Improvement Planned',
    emoji: 'wrench',
    body: `Target files: ${plan.paths.length}\nChanges: ${plan.changes.length}\nRequires restart: ${plan.requiresRestart}`,
    urgency: 'normal',
  }),
  approved: ({ context }) => ({
    title: 'Self-Improvement Approved',
    emoji: 'ballot_box_with_check',
    body: `By ${context.approval?.by ?? 'nobody'}`,
    urgency: 'normal',
  }),
  started: () => ({ title: 'Self-Improvement Started', emoji: 'arrow_forward', urgency: 'low' }),
  applied: ({ context }) => ({
    title: 'Self-Improvement Applied',
    emoji: 'pencil2',
    body: `Changes applied: ${context.appliedPaths.length}. Checks are running.`,
    urgency: 'low',
  }),
  check_finished: ({ check }) => ({
    title: 'Self-Improvement Check',
    emoji: check?.status === 'passed' ? 'heavy_check_mark' : 'heavy_multiplication_x',
    body: `${check?.name}: ${check?.status}`,
    urgency: 'low',
  }),
  completed: ({ context }) => ({
    title: 'Self-Improvement Completed',
    emoji: 'white_check_mark',
    body: `Changes applied: ${context.appliedPaths.length}\n${context.needsRestart ? ':warning: Restart required' : 'No restart needed'}${undeclaredLine(context)}`,
    urgency: 'normal',
  }),
  failed: ({ context }) => ({
    title: context.cause === 'checks_failed' ? 'Self-Improvement Failed' : 'Self-Improvement Error',
    emoji: 'x',
    body: `${context.cause === 'checks_failed' ? 'Validation failed.' : `Error: ${context.failure?.message ?? context.cause}`} Changes are rolled back.`,
    urgency: context.cause === 'checks_failed' ? 'high' : 'critical',
  }),
  rolled_back: ({ context }) => ({
    title: 'Self-Improvement Rolled Back',
    emoji: 'leftwards_arrow_with_hook',
    body: `Files put back: ${context.rollback?.restored.length ?? 0}${undeclaredLine(context)}`,
    urgency: 'high',
  }),
  cancelled: () => ({ title: 'Self-Improvement Cancelled', emoji: 'no_entry_sign', urgency: 'normal' }),
  rollback_failed: ({ context }) => ({
    title: 'Self-Improvement Error',
    emoji: 'x',
    body: `Rollback: Failed\n${context.rollback?.failed.map(({ path, reason }) => `${path}: ${reason}`).join('\n') ?? ''}`,
    urgency: 'critical',
  }),
  restart_scheduled: ({ plan }) => ({
    title: 'Self-Improvement Restart Scheduled',
    emoji: 'arrows_counterclockwise',
    body: `In ${plan.restartDelayMs / 1000} s`,
    urgency: 'normal',
  }),
  restarting: () => ({
    title: 'Self-Improvement Restarting',
    emoji: 'arrows_counterclockwise',
    body: 'The program is being restarted; the new version is on probation.',
    urgency: 'normal',
  }),
  reverted: ({ context }) => ({
    title: 'Self-Improvement Reverted',
    emoji: 'leftwards_arrow_with_hook',
    body: `The old version runs again. ${context.failure?.message ?? ''}`.trim(),
    urgency: 'high',
  }),
  safe_mode: ({ context }) => ({
    title: 'Self-Improvement Safe Mode',
    emoji: 'rotating_light',
    body: `The program is stopped: no version stayed well. ${context.failure?.message ?? ''}`.trim(),
    urgency: 'critical',
  }),
  confirmed: ({ context }) => ({
    title: 'Self-Improvement Confirmed',
    emoji: 'white_check_mark',
    body: `By ${context.confirmation?.by ?? 'nobody'}`,
    urgency: 'normal',
  }),
};

export function composeNotice(milestone: Milestone, facts: NoticeFacts, now: number): Notice {
  const { title, urgency, emoji, body = '' } = words[milestone](facts);
  const { taskId, description } = facts.plan;
  return {
    type: 'alert',
    milestone,
    taskId,
    title,
    message: `:${emoji}: *${description}*${body === '' ? '' : `\n\n${body}`}`,
    urgency,
    timestamp: new Date(now).toISOString(),
    parts: { emoji, description, body },
    about: subjectOf(milestone, facts),
  };
}

function subjectOf(milestone: Milestone, { plan, context, check }: NoticeFacts): NoticeSubject {
  const checks = check ? [check] : context.checks;
  return {
    planDigest: plan.digest,
    risk: plan.risk,
    files: plan.paths.slice(0, maxFiles).map(({ path }) => path),
    fileCount: plan.paths.length,
    waitsForApproval: milestone === 'planned' && plan.approvalRequired && context.approval === null,
    checks: checks.map(({ name, required, status, exitCode, durationMs }) => ({
      ...{ name, required, status, exitCode, durationMs },
    })),
    log: milestone === 'failed' ? logOf(context) : null,
  };
}

/** Of the first check for which the improvement was given up. */
function logOf({ cause, checks }: ImprovementContext): NoticeLog | null {
  if (cause !== 'checks_failed') return null;
  const failed = checks.find(({ required, status }) => required && status !== 'passed');
  return failed ? { check: failed.name, tail: failed.output, path: failed.logPath } : null;
}
