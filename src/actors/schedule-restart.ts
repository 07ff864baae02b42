import type { ImprovementParts } from './improvement-parts.js';

/**
 * Asks the host to restart its program; once, because a host that restarts at once would be asked by the new process
 * again, and again.
 */
export async function scheduleRestart({ plan, restart, journal, lock }: ImprovementParts): Promise<void> {
  if (journal.of('restart-asked').length > 0) return;
  await journal.append([{ type: 'restart-asked' }], lock());
  await restart.scheduleRestart({
    taskId: plan.taskId,
    reason: `Self-improvement: ${plan.description}`,
    delayMs: plan.restartDelayMs,
    notifySlack: true,
  });
}
