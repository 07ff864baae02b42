import { MoultError } from '../errors/moult-error.js';
import { Lock } from '../store/lock.js';
import type { RestartSite } from './restart-site.js';

/**
 * Takes the lock of whoever looks after the restarts of a program.
 *
 * @param takeOverForeign also from one of another machine or container, when a person knows that it is gone.
 * @throws GUARD_RUNNING, LOCK_FOREIGN.
 */
export async function takeCharge(
  { host: { fileSystem }, store }: RestartSite,
  takeOverForeign = false,
): Promise<Lock> {
  try {
    return await Lock.acquire({ fileSystem, directory: store.folder.lock, takeOverForeign });
  } catch (error) {
    if (!(error instanceof MoultError) || error.code !== 'LOCK_HELD') throw error;
    const { pid, since } = error.details as { pid: number; since: string };
    throw new MoultError('GUARD_RUNNING', { pid, since }, { cause: error });
  }
}
