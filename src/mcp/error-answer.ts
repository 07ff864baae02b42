import type { MoultError } from '../errors/moult-error.js';
import type { ImprovementDetails } from '../service/describe-task.js';
import type { Answer, NextCall } from './answer.js';
import { callsFor } from './describe-answer.js';

/** What the tool says where a call was refused. */
export async function errorAnswer(
  error: MoultError,
  action: string,
  find: (taskId: string) => Promise<ImprovementDetails>,
): Promise<Answer> {
  const { code, message, remedy, details } = error.toJSON();
  const { taskId } = details as { taskId?: string };
  return {
    ok: false,
    action,
    ...(taskId === undefined ? {} : { taskId }),
    error: { code, message, remedy, details },
    next: await callsAfter(error, action, find),
  };
}

const history: NextCall = { arguments: { action: 'history' }, effect: 'lists the improvements there are' };
const plan: NextCall = { arguments: { action: 'plan' }, effect: 'makes a plan' };
const planAgain: NextCall = { arguments: { action: 'plan' }, effect: 'plans again, corrected' };

/** The force that it would take to roll back is for a person to use. */
const planOnTop: NextCall = {
  arguments: { action: 'plan' },
  effect: 'makes a new plan, of the files as they are now',
};

/** Codes of a request that can be corrected and sent again. */
const correctable = /^(REQUEST_|PATH_|FILE_|EDIT_NOT|PATCH_|NOT_TEXT|NOTHING_TO_DO|CHANGE_|PLAN_STALE)/;

async function callsAfter(
  { code, details }: MoultError,
  action: string,
  find: (taskId: string) => Promise<ImprovementDetails>,
): Promise<NextCall[]> {
  const { taskId } = details as { taskId?: string };
  if (code === 'TASK_UNKNOWN' || code === 'NOTHING_TO_ROLL_BACK') return [history];
  if (code === 'NO_TASK') return [plan];
  if (code === 'PLAN_STALE') return [planAgain];
  if (code === 'ROLLBACK_CONFLICT') return [planOnTop];
  if (code === 'LOCK_HELD') return [{ arguments: { action: 'status' }, effect: 'says what is under way' }];
  if (taskId !== undefined) return callsFor(await find(taskId));
  return action === 'plan' && correctable.test(code) ? [planAgain] : [];
}
