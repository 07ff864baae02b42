import { carryOut } from '../carry-out.js';
import type { Cli } from '../cli.js';
import { dropPlan } from '../drop-plan.js';
import type { ImprovementRequest } from '../../improvement.js';
import { openService } from '../open-service.js';
import { readRequest } from '../read-request.js';
import { refuseUnjudged } from '../../service/refuse-unjudged.js';
import { planReport } from '../render/plan-report.js';
import { resultReport } from '../render/result-report.js';
import type { Report } from '../report.js';
import { requireProject } from '../../service/require-project.js';
import type { StopSignals } from '../stop-signals.js';
import { whileCancellable } from '../while-cancellable.js';

/** Plans and executes in one go, unless the plan has to wait for approval. */
export async function run(cli: Cli, source: string): Promise<Report> {
  const project = await requireProject(cli.root);
  const request = await readRequest(cli.io, source);
  await refuseUnjudged(project, request);
  return whileCancellable(cli, (stop) => planAndExecute(cli, request, stop));
}

async function planAndExecute(cli: Cli, request: ImprovementRequest, stop: StopSignals): Promise<Report> {
  const service = openService(cli);
  const taskId = await service.planImprovement(request);
  const planned = await service.describeImprovement(taskId);
  if (planned.state === 'planning.awaiting_approval' && !stop.isRequested) return planReport(cli, planned);
  try {
    const result = await carryOut(cli, service, taskId, stop);
    return resultReport(cli, result, await service.describeImprovement(taskId));
  } catch (error) {
    await dropPlan(cli, service, taskId);
    throw error;
  }
}
