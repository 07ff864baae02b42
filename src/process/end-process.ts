import { setTimeout as sleep } from 'node:timers/promises';
import { MoultError } from '../errors/moult-error.js';
import { livenessOf, type ProcessIdentity } from './process-identity.js';

const pauseMs = 20;
const giveUpAfterMs = 10_000;

/**
 * Ends a process that somebody else started, with its group where it leads one: SIGTERM, and SIGKILL for one that stays.
 *
 * @throws PROGRAM_NOT_STOPPED.
 */
export async function endProcess(identity: ProcessIdentity, graceMs: number): Promise<void> {
  send(identity, 'SIGTERM');
  if (await isGone(identity, graceMs)) return;
  send(identity, 'SIGKILL');
  if (!(await isGone(identity, giveUpAfterMs)))
    throw new MoultError('PROGRAM_NOT_STOPPED', { pid: identity.pid });
}

async function isGone(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (livenessOf(identity) === 'alive') {
    if (performance.now() >= deadline) return false;
    await sleep(pauseMs);
  }
  return true;
}

function send(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  for (const target of [-identity.pid, identity.pid]) {
    if (livenessOf(identity) !== 'alive') return;
    try {
      process.kill(target, signal);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // ESRCH of the group: it leads none.
      if (code !== 'ESRCH' && code !== 'EPERM') throw error;
    }
  }
}
