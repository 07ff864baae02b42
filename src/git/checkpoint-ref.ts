import { MoultError } from '../errors/moult-error.js';

/** The name of a task's checkpoint below `refs/checkpoints/`. */
export function checkpointRef(taskId: string): string {
  if (/^[A-Za-z0-9_-]+$/.test(taskId)) return taskId;
  throw new MoultError('TASK_UNKNOWN', { taskId });
}
