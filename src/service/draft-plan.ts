import { defaultChecks } from '../checks/default-checks.js';
import type { ImprovementRequest, ValidationCheck } from '../improvement.js';
import { makePlan, type NewPlan } from '../plan/make-plan.js';
import { umask } from '../process/umask.js';
import type { Host } from './host.js';
import type { Project } from './project.js';

/** Decides a plan from the project as it is now; writes nothing. */
export async function draftPlan(
  host: Host,
  project: Project,
  request: ImprovementRequest,
  taskId: string,
): Promise<NewPlan> {
  const { root, home, stateDirectory, config, configHash } = project;
  return makePlan(request, {
    ...{ root, home, stateDirectory, config, configHash, taskId },
    fileSystem: host.fileSystem,
    checks: await checksFor(host, project, request.skipTests ?? false),
    createdAt: new Date(host.clock.now()).toISOString(),
    umask: umask(),
  });
}

async function checksFor(
  { fileSystem }: Host,
  { root, config }: Project,
  skipTests: boolean,
): Promise<ValidationCheck[]> {
  if (!config.checks) return defaultChecks({ fileSystem, root, skipTests });
  return config.checks.filter(({ type }) => !(skipTests && type === 'test'));
}

/** An id from the clock, above all that there are. */
export async function freeTaskId({ clock }: Host, { store }: Project): Promise<string> {
  const newest = (await store.ids()).at(-1);
  return `si-${Math.max(clock.now(), newest ? Number(newest.slice('si-'.length)) + 1 : 0)}`;
}
