import type { SelfImprovementService } from '../self-improvement-service.js';
import type { Cli } from './cli.js';
import { visible } from '../wording/visible.js';

/** Drops the plan of a `run` that was refused, so that nothing stays in the way of the next one. */
export async function dropPlan(
  { output }: Cli,
  service: SelfImprovementService,
  taskId: string,
): Promise<void> {
  try {
    const { state } = await service.describeImprovement(taskId);
    if (state.startsWith('planning.')) await service.cancelImprovement(taskId);
  } catch (error) {
    // Why it was refused matters more than that its plan could not be dropped as well.
    output.note(visible(`warning: the plan ${taskId} could not be dropped: ${String(error)}`));
  }
}
