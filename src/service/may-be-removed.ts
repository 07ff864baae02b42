import { MoultError } from '../errors/moult-error.js';
import { lstatOrNull } from '../workspace/read-image.js';
import type { Collection } from './collection.js';
import { readTask, type TaskRecord } from './load-task.js';
import { isFinal } from './state-path.js';

/** Whether an improvement came to its end long enough ago, or there is no room for it, and nobody needs it any more. */
export async function mayBeRemoved(
  collection: Collection,
  taskId: string,
  isTooMuch: boolean,
): Promise<boolean> {
  const { host, project } = collection;
  const oldestMs = host.clock.now() - project.config.retention.maxAgeMs;
  // An id is from when it was planned, and it cannot have ended before.
  if (!isTooMuch && Number(taskId.slice('si-'.length)) >= oldestMs) return false;
  const record = await readIfWhole(collection, taskId);
  if (record === null || !isFinal(record.standing.state)) return false;
  if (!isTooMuch && !(Date.parse(record.savedAt) < oldestMs)) return false;
  return !(await isStillNeeded(collection, taskId, record));
}

/** Damaged state is for a person to look at. */
async function readIfWhole({ host, project }: Collection, taskId: string): Promise<TaskRecord | null> {
  try {
    return await readTask(host, project, project.store.folderOf(taskId));
  } catch (error) {
    if (!(error instanceof MoultError)) throw error;
    host.logger.warn(`[moult] ${taskId} is kept: ${error.message}`);
    return null;
  }
}

/** A rollback of it was cut off, or somebody's files that it moved aside still lie in it. */
async function isStillNeeded(
  { host: { fileSystem }, project }: Collection,
  taskId: string,
  { standing: { state, context } }: TaskRecord,
): Promise<boolean> {
  const { revoked } = project.store.folderOf(taskId);
  if (state === 'completed' && (await lstatOrNull(fileSystem, revoked))) return true;
  for (const { savedAt } of context.rollback?.displaced ?? [])
    if (await lstatOrNull(fileSystem, savedAt)) return true;
  return false;
}
