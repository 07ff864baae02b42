import { MoultError } from '../errors/moult-error.js';
import type { Found } from './find-task.js';
import type { ImprovementTask } from './improvement-task.js';
import { loadTask, undoTask } from './load-task.js';
import { refuseLaterEdits, refuseWhileActive } from './refusals.js';
import type { Session } from './session.js';
import { statusOf } from './state-path.js';

/**
 * Starts to take back an improvement that was kept, or that could not be taken back before.
 *
 * @param force moves aside what somebody made of the files since.
 * @throws ROLLBACK_CONFLICT, NOTHING_TO_ROLL_BACK, TASK_ACTIVE.
 */
export async function beginRollback(
  { host, project, lock }: Session,
  { folder, record }: Found,
  force: boolean,
): Promise<ImprovementTask> {
  const { state } = record.standing;
  const { taskId } = record.plan;
  await refuseWhileActive(host, project, taskId);
  if (state === 'completed') {
    const task = (await undoTask(host, project, folder, record)).holding(lock);
    if (!force) await refuseLaterEdits(host, project, task);
    await project.store.markActive(taskId);
    task.start();
    return task;
  }
  const event = firstEvents[state];
  if (!event) throw new MoultError('NOTHING_TO_ROLL_BACK', { taskId, status: statusOf(state) });
  const task = (await loadTask(host, project, folder, record)).holding(lock);
  if (!force && state === 'awaiting_confirmation') await refuseLaterEdits(host, project, task);
  task.start(event);
  return task;
}

const firstEvents: Record<string, { type: 'RETRY_ROLLBACK' } | { type: 'ROLL_BACK'; cause: 'requested' }> = {
  rollback_failed: { type: 'RETRY_ROLLBACK' },
  awaiting_confirmation: { type: 'ROLL_BACK', cause: 'requested' },
};
