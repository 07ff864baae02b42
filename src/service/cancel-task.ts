import { MoultError } from '../errors/moult-error.js';
import { requestCancel } from './cancel-request.js';
import { findTask, readFound, type Found } from './find-task.js';
import type { Host } from './host.js';
import { loadTask } from './load-task.js';
import type { Project } from './project.js';
import { inSession, type Session } from './session.js';
import { isFinal } from './state-path.js';

const retryMs = 100;

/**
 * Cancels an improvement that this service does not run itself: a plan, one that waits for confirmation, or one that
 * another process runs or ran. Does nothing where none is under way.
 *
 * @param taskId Default: whichever is under way.
 * @throws CANCEL_TOO_LATE, ROLLBACK_FAILED, TASK_FINISHED, TASK_UNKNOWN.
 */
export async function cancelTask(host: Host, project: Project, taskId?: string): Promise<void> {
  const [active] = await project.store.activeIds();
  const target = taskId ?? active;
  if (target === undefined) return;
  const found =
    taskId === undefined ? await readFound(host, project, target) : await findTask(host, project, taskId);
  // A process that ended before it had planned anything: the session clears up after it.
  if (found === null) return inSession({ host, project }, () => Promise.resolve());
  const { folder, record } = found;
  if (isFinal(record.standing.state)) {
    if (taskId === undefined || record.standing.state === 'cancelled') return;
    throw new MoultError('TASK_FINISHED', { taskId: target, status: record.standing.state });
  }
  for (;;) {
    try {
      return await inSession({ host, project, event: 'CANCEL' }, (session) => cancelResting(session, target));
    } catch (error) {
      if (!(error instanceof MoultError) || error.code !== 'LOCK_HELD') throw error;
      await requestCancel(host.fileSystem, folder);
      await new Promise<void>((resolve) => host.clock.schedule(retryMs, resolve));
    }
  }
}

/** Nobody runs it now: it waits for somebody, or has come to an end while we waited for the lock. */
async function cancelResting(session: Session, taskId: string): Promise<void> {
  const { host, project, lock } = session;
  const found: Found = await findTask(host, project, taskId);
  const { state } = found.record.standing;
  if (!isFinal(state) && state !== 'rollback_failed') {
    const task = (await loadTask(host, project, found.folder, found.record)).holding(lock);
    task.start({ type: 'CANCEL' });
    return refuseOtherEnd(taskId, await task.settled());
  }
  refuseOtherEnd(taskId, found.record.standing);
}

/** @throws where an improvement that was to be cancelled came to another end than being taken back. */
export function refuseOtherEnd(taskId: string, { state, context }: Found['record']['standing']): void {
  if (state === 'rollback_failed')
    throw new MoultError('ROLLBACK_FAILED', { taskId, paths: context.rollback?.failed ?? [] });
  if (state === 'completed' || state === 'awaiting_confirmation')
    throw new MoultError('CANCEL_TOO_LATE', { taskId, status: state });
}
