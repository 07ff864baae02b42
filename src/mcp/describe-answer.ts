import type { CheckResult } from '../../machines/improvement-types.js';
import type { ImprovementResult } from '../improvement.js';
import { changeKind } from '../plan/change-kind.js';
import type { Plan } from '../plan/plan.js';
import type { ImprovementDetails } from '../service/describe-task.js';
import { logFile } from '../service/log-file.js';
import { isResting } from '../service/state-path.js';
import type { Answer } from './answer.js';
import { firstErrors } from './first-errors.js';
import { nextCalls } from './next-calls.js';
import { uriOf } from './resource-uris.js';

const filesMax = 100;

interface Situation {
  action: string;
  /** What is being done right now. */
  activity?: string;
  note?: string;
}

/** What the tool says of an improvement where it stands. */
export async function describeAnswer(
  details: ImprovementDetails,
  { action, activity, note }: Situation,
): Promise<Answer> {
  const { taskId, state, status, plan, interrupted, result, checks } = details;
  const isUnderWay = !isResting(state) && !interrupted;
  return {
    ok: true,
    action,
    taskId,
    status,
    state,
    ...(isUnderWay && activity !== undefined ? { activity } : {}),
    done: !isUnderWay,
    ...(note === undefined ? {} : { note }),
    description: details.description,
    digest: details.digest,
    ...planAnswer(plan, details.highRiskFiles),
    ...(checks.length > 0 ? { checks: await checkAnswers(details) } : {}),
    ...(result ? { result: resultAnswer(result) } : {}),
    ...(state === 'planning.awaiting_approval' ? { person: commandsFor(taskId) } : {}),
    next: callsFor(details),
  };
}

/** The calls that make sense for it now. */
export function callsFor({ taskId, state, interrupted, plan }: ImprovementDetails): Answer['next'] {
  return nextCalls({ taskId, state, interrupted, needsPerson: plan.approvalRequired });
}

/** What a plan says, whether it was kept or only drafted. */
export function planAnswer(
  plan: Plan,
  highRiskFiles: string[],
): Pick<Answer, 'risk' | 'highRiskFiles' | 'files' | 'filesLeftOut' | 'plannedChecks'> {
  const risks = new Map(plan.fileRisks.map((risk) => [risk.path, risk]));
  const changed = plan.paths.filter((planned) => changeKind(planned) !== 'none');
  const files = changed.slice(0, filesMax).map((planned) => {
    const risk = risks.get(planned.path);
    return {
      path: planned.path,
      change: changeKind(planned),
      ...(risk ? { risk: risk.level } : {}),
      ...(risk && risk.reasons.length > 0 ? { reasons: risk.reasons } : {}),
    };
  });
  return {
    risk: plan.risk,
    highRiskFiles,
    files,
    ...(changed.length > filesMax ? { filesLeftOut: changed.length - filesMax } : {}),
    plannedChecks: plan.checks.map(({ name }) => name),
  };
}

function checkAnswers({
  taskId,
  checks,
  folder,
}: ImprovementDetails): Promise<NonNullable<Answer['checks']>> {
  return Promise.all(
    checks.map(async (check) => ({
      name: check.name,
      required: check.required,
      status: check.status,
      durationMs: check.durationMs,
      ...(check.reason === undefined ? {} : { reason: check.reason }),
      ...(check.status === 'passed' ? {} : { firstErrors: await errorsOf(check, folder) }),
      ...(check.logPath === null ? {} : { log: uriOf.log(taskId, check.name) }),
    })),
  );
}

function errorsOf(check: CheckResult, folder: string): Promise<string[]> {
  return firstErrors(logFile(check, folder), check.output);
}

function resultAnswer(result: ImprovementResult): NonNullable<Answer['result']> {
  const { success, changesApplied, validationPassed, needsRestart, rollbackPerformed, failure } = result;
  return {
    success,
    changesApplied: changesApplied.slice(0, filesMax),
    validationPassed,
    needsRestart,
    ...(rollbackPerformed === undefined ? {} : { rollbackPerformed }),
    ...(failure ? { error: failure.message, code: failure.code } : {}),
    ...(result.displaced.length > 0 ? { displaced: result.displaced } : {}),
  };
}

function commandsFor(taskId: string): NonNullable<Answer['person']> {
  return {
    show: `moult show ${taskId}`,
    approve: `moult approve ${taskId}`,
    reject: `moult reject ${taskId}`,
  };
}
