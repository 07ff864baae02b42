import { MoultError } from '../errors/moult-error.js';
import type { ImprovementRequest } from '../improvement.js';
import { changesWithoutContent } from '../plan/changes-without-content.js';
import type { Project } from '../service/project.js';
import { refuseUnjudged } from '../service/refuse-unjudged.js';
import { requireProject } from '../service/require-project.js';

/**
 * Refuses at once what could be planned in the library but never be executed from here: no editor supplies contents later.
 *
 * @throws NOT_A_PROJECT, NOTHING_TO_DO, CHANGE_WITHOUT_CONTENT, NO_CHECKS.
 */
export async function refuseUnplannable(
  root: string,
  config: Record<string, unknown> | undefined,
  request: ImprovementRequest,
): Promise<Project> {
  const project = await requireProject(root, config);
  if (request.changes.length === 0) throw new MoultError('NOTHING_TO_DO', { reason: 'it has no changes' });
  const lacking = changesWithoutContent(request);
  if (lacking.length > 0) throw new MoultError('CHANGE_WITHOUT_CONTENT', { paths: lacking });
  await refuseUnjudged(project, request);
  return project;
}
