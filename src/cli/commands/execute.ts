import { carryOut } from '../carry-out.js';
import type { Cli } from '../cli.js';
import { openService } from '../open-service.js';
import { resultReport } from '../render/result-report.js';
import type { Report } from '../report.js';
import { requireProject } from '../../service/require-project.js';
import { whileCancellable } from '../while-cancellable.js';

/** Carries out a plan. */
export async function execute(cli: Cli, task: string | undefined): Promise<Report> {
  await requireProject(cli.root);
  const service = openService(cli);
  const { taskId } = await service.describeImprovement(task);
  return whileCancellable(cli, async (stop) => {
    const result = await carryOut(cli, service, taskId, stop);
    return resultReport(cli, result, await service.describeImprovement(taskId));
  });
}
