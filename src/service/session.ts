import { MoultError } from '../errors/moult-error.js';
import { withSystemErrors } from '../errors/with-system-errors.js';
import { Lock } from '../store/lock.js';
import type { Host } from './host.js';
import { openProject, prepareState, type Project } from './project.js';
import { recoverTasks, type Recovered } from './recover-tasks.js';
import { removeOldTasks } from './remove-old-tasks.js';

/** One operation of the service: it holds the project's lock, and nothing is left of processes that are gone. */
export interface Session {
  host: Host;
  project: Project;
  lock: Lock;
  /** What was found unfinished, and what became of it. */
  recovered: Recovered[];
}

/** What a caller may be kept waiting by the removal of old improvements; the rest has time until the next one ends. */
const makeRoomMs = 200;

interface SessionOptions {
  host: Host;
  project: Project;
  takeOverForeign?: boolean;
  retryFailed?: boolean;
  event?: 'INTERRUPTED' | 'CANCEL';
}

/** @throws LOCK_HELD, LOCK_FOREIGN while another process is at work. */
export async function inSession<Result>(
  options: SessionOptions,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  return withSystemErrors(() => holdLock(options, work));
}

async function holdLock<Result>(
  { host, project, takeOverForeign, retryFailed, event }: SessionOptions,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  await prepareState(host.fileSystem, project);
  const lock = await Lock.acquire({
    fileSystem: host.fileSystem,
    directory: project.store.lockFolder,
    takeOverForeign,
  });
  host.notices.wake(project);
  try {
    const recovered = await recoverTasks({ host, project, lock, retryFailed, event });
    const result = await work({ host, project, lock, recovered });
    await makeRoom({ host, project, lock });
    return result;
  } finally {
    // The work is done, or has thrown, and that is what the caller must hear.
    await lock
      .release()
      .catch((error: Error) => host.logger.error(`[moult] the lock could not be released: ${error.message}`));
  }
}

/** Where nothing is under way any more. What was done is done, whatever goes wrong here, and the caller waits. */
async function makeRoom({ host, project, lock }: Omit<Session, 'recovered'>): Promise<void> {
  try {
    if ((await project.store.activeIds()).length > 0) return;
    await removeOldTasks({ host, project, lock, thorough: false, budgetMs: makeRoomMs });
  } catch (error) {
    host.logger.warn(`[moult] old improvements could not be removed: ${(error as Error).message}`);
  }
}

/** A session in a project that must have improvements already. @throws NO_TASK */
export async function inExistingSession<Result>(
  host: Host,
  projectRoot: string,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const project = await openProject(host.fileSystem, projectRoot, host.config);
  if ((await project.store.ids()).length === 0) throw new MoultError('NO_TASK', {});
  return inSession({ host, project }, work);
}
