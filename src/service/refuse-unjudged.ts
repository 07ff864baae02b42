import type { ImprovementRequest } from '../improvement.js';
import { draftPlan } from './draft-plan.js';
import { toHost } from './host.js';
import type { Project } from './project.js';
import { refuseWithoutJudge } from './refusals.js';

/** @throws NO_CHECKS where nothing would judge the change; asked before a plan is written. */
export async function refuseUnjudged(project: Project, request: ImprovementRequest): Promise<void> {
  // Without its changes: the checks do not depend on them, and no file has to be read.
  const withoutChanges = { ...request, changes: [], targetFiles: [] };
  const { plan } = await draftPlan(toHost({}), project, withoutChanges, 'si-0');
  refuseWithoutJudge(plan.checks);
}
