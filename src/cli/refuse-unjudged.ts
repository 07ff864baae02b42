import type { ImprovementRequest } from '../improvement.js';
import { draftPlan } from '../service/draft-plan.js';
import { toHost } from '../service/host.js';
import type { Project } from '../service/project.js';
import { refuseWithoutJudge } from '../service/refusals.js';

/** @throws NO_CHECKS where nothing would judge the change; asked before a plan is written. */
export async function refuseUnjudged(project: Project, request: ImprovementRequest): Promise<void> {
  // Without its changes: the checks do not depend on them, and no file has to be read.
  const withoutChanges = { ...request, changes: [], targetFiles: [] };
  const { plan } = await draftPlan(toHost({}), project, withoutChanges, 'si-0');
  refuseWithoutJudge(plan.checks);
}
