import type { Cli } from '../cli.js';
import { openService } from '../open-service.js';
import { readRequest } from '../read-request.js';
import { planReport } from '../render/plan-report.js';
import { resultReport } from '../render/result-report.js';
import type { Report } from '../report.js';
import { requireProject } from '../../service/require-project.js';
import { whileCancellable } from '../while-cancellable.js';

/** Makes a plan and touches no file. */
export async function plan(cli: Cli, source: string): Promise<Report> {
  await requireProject(cli.root);
  const request = await readRequest(cli.io, source);
  const service = openService(cli);
  return whileCancellable(cli, async (stop) => {
    const taskId = await service.planImprovement(request);
    if (stop.isRequested) await service.cancelImprovement(taskId);
    const details = await service.describeImprovement(taskId);
    return details.result ? resultReport(cli, details.result, details) : planReport(cli, details);
  });
}
