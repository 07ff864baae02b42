import type { ImprovementEvent } from '../../machines/improvement-types.js';
import type { ImprovementResult } from '../improvement.js';
import type { Standing } from '../notify/milestones-between.js';
import { killOrphans } from '../process/kill-orphans.js';
import { taskMark } from '../process/task-mark.js';
import type { Lock } from '../store/lock.js';
import type { TaskFolder } from '../store/task-folder.js';
import { lstatOrNull } from '../workspace/read-image.js';
import type { Host } from './host.js';
import { improvementResult } from './improvement-result.js';
import type { ImprovementTask } from './improvement-task.js';
import { loadTask, readTask, undoTask } from './load-task.js';
import type { Project } from './project.js';
import { retell } from './retell.js';
import { isFinal, isResting } from './state-path.js';

/** An improvement that goes on again and again and never ends is taken back. */
const resumesMax = 3;

export interface Recovered {
  /** Where it was found. */
  foundIn: string;
  result: ImprovementResult;
}

interface Recovery {
  host: Host;
  project: Project;
  lock: Lock;
  /** Tries again what a person has to see to first. */
  retryFailed?: boolean;
  /** How the interrupted ones are taken back. */
  event?: 'INTERRUPTED' | 'CANCEL';
}

/** Finishes or takes back every improvement whose process is gone. The lock says that none of them is alive. */
export async function recoverTasks(recovery: Recovery): Promise<Recovered[]> {
  const { store } = recovery.project;
  const recovered: Recovered[] = [];
  for (const taskId of await store.activeIds()) {
    const one = (await store.exists(taskId))
      ? await recoverTask(recovery, taskId)
      : await store.markEnded(taskId);
    if (one) recovered.push(one);
  }
  return recovered;
}

async function recoverTask(recovery: Recovery, taskId: string): Promise<Recovered | void> {
  const { host, project, lock, retryFailed = false } = recovery;
  const folder = await project.store.folder(taskId);
  const record = await readTask(host, project, folder);
  if (record === null) {
    await project.store.discard(folder);
    return project.store.markEnded(taskId);
  }
  retell(host, project, record);
  const { state } = record.standing;
  const isRevoked = await isBeingTakenBack(host, folder, state);
  const isStuck = state === 'rollback_failed' && retryFailed;
  if (isResting(state) && !isFinal(state) && !isStuck && !isRevoked) return;
  const { fileSystem } = host;
  await killOrphans({ fileSystem, mark: await taskMark(fileSystem, taskId, folder.path) });
  const begin = isRevoked ? undoTask : loadTask;
  const task = (await begin(host, project, folder, record)).holding(lock);
  if (isFinal(state) && !isRevoked) return task.tidyUp();
  task.start(
    isRevoked
      ? undefined
      : isStuck
        ? { type: 'RETRY_ROLLBACK' }
        : await firstEvent(recovery, task, record.standing),
  );
  return { foundIn: state, result: improvementResult(task.plan, await task.settled()) };
}

/** What an interrupted improvement is told before its effect is run again; nothing, where it is to go on. */
async function firstEvent(
  { lock, event = 'INTERRUPTED' }: Recovery,
  { journal, plan }: ImprovementTask,
  { state }: Standing,
): Promise<ImprovementEvent | undefined> {
  if (state === 'rolling_back' || state === 'testing.scheduling_restart') return undefined;
  if (journal.of('sealed').length > 0) return undefined;
  if (
    event === 'INTERRUPTED' &&
    plan.onInterrupted === 'resume' &&
    journal.of('resumed').length < resumesMax &&
    state !== 'planning.assessing'
  ) {
    await journal.append([{ type: 'resumed' }], lock);
    return undefined;
  }
  // The machine takes no CANCEL while it seals.
  return { type: state === 'testing.sealing' ? 'INTERRUPTED' : event };
}

/** A rollback had begun, on a disk so full that only the marker in the task's folder tells of it. */
async function isBeingTakenBack({ fileSystem }: Host, folder: TaskFolder, state: string): Promise<boolean> {
  const isKept = [
    'testing.sealing',
    'testing.scheduling_restart',
    'awaiting_confirmation',
    'completed',
  ].includes(state);
  return isKept && (await lstatOrNull(fileSystem, folder.revoked)) !== null;
}
