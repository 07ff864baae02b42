import { Lock } from '../store/lock.js';
import { describe, type ImprovementDetails } from './describe-task.js';
import { findTask } from './find-task.js';
import type { Host } from './host.js';
import type { Project } from './project.js';

/** Everything about one improvement, or the newest. @throws NO_TASK, TASK_UNKNOWN. */
export async function describeImprovement(
  host: Host,
  project: Project,
  taskId: string | undefined,
): Promise<ImprovementDetails> {
  const { folder, record } = await findTask(host, project, taskId);
  const { fileSystem } = host;
  return describe(record, folder, await Lock.isHeld({ fileSystem, directory: project.store.lockFolder }));
}
