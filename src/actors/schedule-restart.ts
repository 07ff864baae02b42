import { MoultError } from '../errors/moult-error.js';
import type { RestartAnswer } from '../../machines/improvement-types.js';
import type { Clock } from '../ports/clock.js';
import type { ImprovementParts } from './improvement-parts.js';

const answerMs = 30_000;

/**
 * Asks the host to restart its program; once, because a host that restarts at once would be asked by the new process
 * again, and again. A port that remembers what it was asked may be asked twice.
 *
 * @throws RESTART_NOT_SCHEDULED where the host does not answer, or throws.
 */
export async function scheduleRestart({
  plan,
  restart,
  journal,
  lock,
  clock,
}: ImprovementParts): Promise<RestartAnswer | void> {
  const wasAsked = journal.of('restart-asked').length > 0;
  if (wasAsked && restart.isRepeatable !== true) return;
  if (!wasAsked) await journal.append([{ type: 'restart-asked' }], lock());
  const { taskId, description, restartDelayMs: delayMs } = plan;
  const request = { taskId, reason: `Self-improvement: ${description}`, delayMs, notifySlack: true };
  try {
    return await withinTime(clock, async () => restart.scheduleRestart(request));
  } catch (error) {
    throw new MoultError(
      'RESTART_NOT_SCHEDULED',
      { taskId, reason: (error as Error).message },
      { cause: error },
    );
  }
}

function withinTime<Result>(clock: Clock, work: () => Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new Error(`the restart port did not answer within ${answerMs / 1000} s`));
    const unschedule = clock.schedule(answerMs, giveUp);
    work().then(resolve, reject).finally(unschedule);
  });
}
