import type { Failure } from '../../machines/improvement-types.js';
import { checksPassed } from '../../machines/improvement-guards.js';
import { MoultError } from '../errors/moult-error.js';
import type { ImprovementResult } from '../improvement.js';
import type { Standing } from '../notify/milestones-between.js';
import type { Plan } from '../plan/plan.js';
import { statusOf } from './state-path.js';

/** The result of an improvement, from where its machine stands. */
export function improvementResult(
  { taskId, needsRestart }: Pick<Plan, 'taskId' | 'needsRestart'>,
  standing: Standing,
): ImprovementResult {
  const { state, context } = standing;
  const status = statusOf(state);
  const success = status === 'completed' || status === 'awaiting_confirmation';
  const failure = success ? null : failureOf(taskId, standing);
  return {
    success,
    taskId,
    changesApplied: success ? context.appliedPaths : [],
    validationPassed: checksPassed(context.checks),
    needsRestart: success && needsRestart,
    ...(failure ? { error: errorText(standing, failure), failure } : {}),
    ...(context.rollback ? { rollbackPerformed: context.rollback.restored.length > 0 } : {}),
    status,
    checks: context.checks,
    displaced: context.rollback?.displaced ?? [],
    ...undeclaredOf(context),
    ...(context.restartFailure ? { restartFailure: context.restartFailure } : {}),
    ...(context.rollback && context.rollback.kept.length > 0 ? { kept: context.rollback.kept } : {}),
  };
}

function undeclaredOf({
  undeclared,
}: Standing['context']): Pick<ImprovementResult, 'undeclared' | 'undeclaredMore' | 'undeclaredUnknown'> {
  const { changes = [], more = 0, unknown = null } = undeclared ?? {};
  return {
    undeclared: changes,
    ...(more > 0 ? { undeclaredMore: more } : {}),
    ...(unknown === null ? {} : { undeclaredUnknown: unknown }),
  };
}

function failureOf(taskId: string, { state, context }: Standing): Failure | null {
  if (state === 'rollback_failed' && context.rollbackFailure) return context.rollbackFailure;
  if (state === 'rollback_failed' && context.rollback) {
    return new MoultError('ROLLBACK_FAILED', { taskId, paths: context.rollback.failed }).toJSON();
  }
  if (context.failure) return context.failure;
  if (context.cause === 'checks_failed') {
    const failed = context.checks
      .filter(({ required, status }) => required && status !== 'passed')
      .map(({ name }) => name);
    return new MoultError('VALIDATION_FAILED', { checks: failed }).toJSON();
  }
  return context.cause === null
    ? null
    : { code: context.cause.toUpperCase(), message: causes[context.cause] };
}

const causes = {
  refused: 'Refused',
  apply_failed: 'The changes could not be applied',
  checks_failed: 'Validation failed',
  conflict: 'Somebody else changed a planned file',
  cancelled: 'Cancelled',
  interrupted: 'Interrupted: the process that ran it is gone',
  requested: 'Rolled back on request',
  not_confirmed: 'Not confirmed',
} as const;

/** The seed's words where it has some; the failure says more. */
function errorText({ context }: Standing, failure: Failure): string {
  return context.cause === 'checks_failed' && !context.failure && !context.rollback?.failed.length
    ? 'Validation failed'
    : failure.message;
}
