import { MoultError } from '../errors/moult-error.js';
import type { ImprovementRequest } from '../improvement.js';
import { canonicalJson } from '../plan/canonical-json.js';
import type { Plan } from '../plan/plan.js';
import { draftPlan } from '../service/draft-plan.js';
import type { Host } from '../service/host.js';
import type { Project } from '../service/project.js';

/**
 * Whether a request would give the very plan that waits already: the same call once more, from a client that got no
 * answer the first time.
 */
export async function isSamePlan(
  host: Host,
  project: Project,
  request: ImprovementRequest,
  waiting: Plan,
  state: string,
): Promise<boolean> {
  if (!state.startsWith('planning.')) return false;
  try {
    const { plan } = await draftPlan(host, project, request, waiting.taskId);
    return decisionsOf(plan) === decisionsOf(waiting);
  } catch (error) {
    // It cannot be planned now, so it is not what was planned before.
    if (error instanceof MoultError) return false;
    throw error;
  }
}

function decisionsOf(plan: Plan): string {
  return canonicalJson({ ...plan, createdAt: undefined, digest: undefined });
}
