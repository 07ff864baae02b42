import { MoultError } from '../errors/moult-error.js';
import type { ImprovementResult } from '../improvement.js';
import type { SelfImprovementService } from '../self-improvement-service.js';
import type { Cli } from './cli.js';
import type { StopSignals } from './stop-signals.js';

/** Executes a plan. A signal cancels it, and then this resolves when every file is back. */
export async function carryOut(
  cli: Cli,
  service: SelfImprovementService,
  taskId: string,
  stop: StopSignals,
): Promise<ImprovementResult> {
  let cancelling: Promise<void> = Promise.resolve();
  stop.whenRequested(() => {
    cancelling = service.cancelImprovement(taskId).catch((error: unknown) => noteUnlessTold(cli, error));
  });
  try {
    return await service.executeImprovement(taskId);
  } catch (error) {
    await cancelling;
    if (!stop.isRequested) throw error;
    const { status, result } = await service.describeImprovement(taskId);
    // The cancel was faster than the execution.
    if (status === 'cancelled' && result) return result;
    throw error;
  } finally {
    await cancelling;
  }
}

/** That it came too late, or that the rollback failed, is what the result says. */
function noteUnlessTold({ output }: Cli, error: unknown): void {
  if (error instanceof MoultError && (error.code === 'CANCEL_TOO_LATE' || error.code === 'ROLLBACK_FAILED'))
    return;
  output.note(`warning: the cancel failed: ${String(error)}`);
}
