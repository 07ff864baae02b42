import { requireSmallArtifacts } from '../actors/artifacts/require-small-artifacts.js';
import { checkWithoutSecrets } from '../checks/check-without-secrets.js';
import { defaultChecks } from '../checks/default-checks.js';
import { scriptsHash } from '../checks/scripts-hash.js';
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
  const checks = await checksFor(host, project, request.skipTests ?? false);
  const draft = await makePlan(await withoutSecrets(host, request), {
    ...{ root, home, stateDirectory, config, configHash, taskId },
    fileSystem: host.fileSystem,
    origin: host.origin,
    checks: checks.map((check) => checkWithoutSecrets(check, host.masker)),
    scriptsHash: await scriptsHash(host.fileSystem, root, checks),
    createdAt: new Date(host.clock.now()).toISOString(),
    umask: umask(),
  });
  const place = { fileSystem: host.fileSystem, root, plan: draft.plan, stateDirectory };
  await requireSmallArtifacts(place, config.limits.artifactBytes);
  return draft;
}

/** The words of a request are kept and told to people; its contents are what is asked for, and stay. */
async function withoutSecrets({ masker }: Host, request: ImprovementRequest): Promise<ImprovementRequest> {
  const { description, changes } = request;
  const words = { description, changes: changes.map((change) => change.description ?? null) };
  const masked = await masker.maskJson(words);
  return {
    ...request,
    description: masked.description,
    changes: changes.map((change, index) => {
      const own = masked.changes[index];
      return typeof own === 'string' ? { ...change, description: own } : change;
    }),
  };
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
