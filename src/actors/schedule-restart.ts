import type { ImprovementParts } from './improvement-parts.js';

/** Asks the host to restart its program. */
export async function scheduleRestart({ plan, restart, restartDelayMs }: ImprovementParts): Promise<void> {
  await restart.scheduleRestart({
    taskId: plan.taskId,
    reason: `Self-improvement: ${plan.description}`,
    delayMs: restartDelayMs,
    notifySlack: true,
  });
}
