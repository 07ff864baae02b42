import { MoultError } from '../errors/moult-error.js';
import type { TaskFolder } from '../store/task-folder.js';
import type { Host } from './host.js';
import { readTask, rootOf, type TaskRecord } from './load-task.js';
import type { Project } from './project.js';
import { statusOf } from './state-path.js';

export interface Found {
  folder: TaskFolder;
  record: TaskRecord;
}

/**
 * All improvements of the opened project root, oldest first. One whose state is damaged is named in a warning and left out:
 * the others can be looked at all the same.
 */
export async function listTasks(host: Host, project: Project): Promise<Found[]> {
  const found: Found[] = [];
  for (const taskId of await project.store.ids()) {
    const one = await readUnlessDamaged(host, project, taskId);
    if (one) found.push(one);
  }
  return found;
}

async function readUnlessDamaged(host: Host, project: Project, taskId: string): Promise<Found | null> {
  try {
    const found = await readFound(host, project, taskId);
    return found && (await isOfRoot(host, project, found)) ? found : null;
  } catch (error) {
    if (!(error instanceof MoultError)) throw error;
    host.logger.warn(`[moult] ${taskId} is not in the list: ${error.message}`);
    return null;
  }
}

/** The newest improvement of the opened project root; null without any. */
export async function newestTask(host: Host, project: Project): Promise<Found | null> {
  for (const taskId of (await project.store.ids()).reverse()) {
    const found = await readFound(host, project, taskId);
    if (found && (await isOfRoot(host, project, found))) return found;
  }
  return null;
}

/**
 * One improvement by its id, or the newest.
 *
 * @throws NO_TASK, TASK_UNKNOWN.
 */
export async function findTask(host: Host, project: Project, taskId: string | undefined): Promise<Found> {
  const found =
    taskId === undefined ? await newestTask(host, project) : await readFound(host, project, taskId);
  if (found) return found;
  throw taskId === undefined ? new MoultError('NO_TASK', {}) : new MoultError('TASK_UNKNOWN', { taskId });
}

/** One improvement that must be in a certain state. @throws TASK_WRONG_STATE as well. */
export async function findTaskIn(
  host: Host,
  project: Project,
  taskId: string | undefined,
  state: string,
  action: string,
): Promise<Found> {
  const found = await findTask(host, project, taskId);
  const { plan, standing } = found.record;
  if (standing.state === state) return found;
  throw new MoultError('TASK_WRONG_STATE', { taskId: plan.taskId, status: statusOf(standing.state), action });
}

/** Null where nothing was ever acknowledged under that id. */
export async function readFound(host: Host, project: Project, taskId: string): Promise<Found | null> {
  if (!(await project.store.exists(taskId))) return null;
  const folder = await project.store.folder(taskId);
  const record = await readTask(host, project, folder);
  return record && { folder, record };
}

// A monorepo keeps the improvements of all its projects in one place, under one lock.
async function isOfRoot(host: Host, project: Project, { record }: Found): Promise<boolean> {
  return (await rootOf(host, project, record.plan)) === project.root;
}
