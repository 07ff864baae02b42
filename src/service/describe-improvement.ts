import { Lock } from '../store/lock.js';
import { describe, type ImprovementDetails } from './describe-task.js';
import { findTask } from './find-task.js';
import type { Host } from './host.js';
import type { Project } from './project.js';
import { isResting } from './state-path.js';

/** Everything about one improvement, or the newest. @throws NO_TASK, TASK_UNKNOWN. */
export async function describeImprovement(
  host: Host,
  project: Project,
  taskId: string | undefined,
): Promise<ImprovementDetails> {
  const { fileSystem } = host;
  const isHeld = () => Lock.isHeld({ fileSystem, directory: project.store.lockFolder });
  const first = await findTask(host, project, taskId);
  if ((await isHeld()) || isResting(first.record.standing.state))
    return describe(first.record, first.folder, true);
  // Under way, and nobody holds the lock: its process is gone, or it has just come to its end and let go.
  const { folder, record } = await findTask(host, project, first.record.plan.taskId);
  return describe(record, folder, await isHeld());
}
