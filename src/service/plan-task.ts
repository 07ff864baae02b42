import type { ImprovementRequest } from '../improvement.js';
import type { NewPlan } from '../plan/make-plan.js';
import { createTask } from './create-task.js';
import { draftPlan, freeTaskId } from './draft-plan.js';
import type { Host } from './host.js';
import type { ImprovementTask } from './improvement-task.js';
import type { Project } from './project.js';
import { refuseWhileActive } from './refusals.js';
import { inSession } from './session.js';

/** Plans an improvement, has its before-images taken, and answers it where it waits. */
export async function planTask(
  host: Host,
  project: Project,
  request: ImprovementRequest,
): Promise<ImprovementTask> {
  const early = await draftEarly(host, project, request);
  return inSession({ host, project }, async ({ lock, recovered }) => {
    await refuseWhileActive(host, project);
    const isCurrent = early && recovered.length === 0 && !(await project.store.exists(early.plan.taskId));
    const newPlan = isCurrent
      ? early
      : await draftPlan(host, project, request, await freeTaskId(host, project));
    if (newPlan.highRiskFiles.length > 0) {
      host.logger.warn(`[SelfImprovement] High-risk files targeted: ${newPlan.highRiskFiles.join(', ')}`);
    }
    const task = (await createTask(host, project, newPlan)).holding(lock);
    task.start();
    await task.settled();
    return task;
  });
}

/**
 * A draft before anything is written, so that a bad request leaves no trace. None while something is unfinished: its
 * files are not what they will be, and there is a trace already.
 */
async function draftEarly(
  host: Host,
  project: Project,
  request: ImprovementRequest,
): Promise<NewPlan | null> {
  if ((await project.store.activeIds()).length > 0) return null;
  return draftPlan(host, project, request, await freeTaskId(host, project));
}
