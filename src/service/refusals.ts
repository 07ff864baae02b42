import { MoultError } from '../errors/moult-error.js';
import type { Editor } from '../plan/editor.js';
import type { Plan } from '../plan/plan.js';
import type { Standing } from '../notify/milestones-between.js';
import { forEachPath } from '../workspace/for-each-path.js';
import { pathImage } from '../workspace/path-image.js';
import { sameImage } from '../workspace/read-image.js';
import type { Host } from './host.js';
import type { ImprovementTask } from './improvement-task.js';
import { readTask, rootOf } from './load-task.js';
import type { Project } from './project.js';
import { isFinal, statusOf } from './state-path.js';

/** @throws TASK_ACTIVE, or ROLLBACK_FAILED, while another improvement has not come to its end. */
export async function refuseWhileActive(host: Host, project: Project, except?: string): Promise<void> {
  for (const taskId of await project.store.activeIds()) {
    if (taskId === except) continue;
    const record = await readTask(host, project, await project.store.folder(taskId));
    if (!record || isFinal(record.standing.state)) continue;
    const { state, context } = record.standing;
    if (state === 'rollback_failed')
      throw new MoultError('ROLLBACK_FAILED', { taskId, paths: context.rollback?.failed ?? [] });
    throw new MoultError('TASK_ACTIVE', { taskId, status: statusOf(state) });
  }
}

/** @throws NO_CHECKS where nothing would judge the change. */
export function refuseWithoutJudge(checks: Plan['checks']): void {
  if (checks.some(({ required }) => required)) return;
  const reason = checks.length === 0 ? 'there are no checks' : 'no check is required';
  throw new MoultError('NO_CHECKS', { reason });
}

/** @throws what keeps a plan from being executed, before anything is touched. */
export function refuseUnfitPlan(
  { taskId, paths, changes, checks }: Plan,
  { state }: Standing,
  editor: Editor | null | undefined,
): void {
  if (isFinal(state)) throw new MoultError('TASK_FINISHED', { taskId, status: state });
  if (state === 'planning.awaiting_approval') throw new MoultError('APPROVAL_REQUIRED', { taskId });
  if (state !== 'planning.ready')
    throw new MoultError('TASK_WRONG_STATE', { taskId, status: statusOf(state), action: 'executed' });
  if (changes.length === 0) throw new MoultError('NOTHING_TO_DO', { reason: 'it has no changes' });
  refuseWithoutJudge(checks);
  const unedited = paths.filter(({ source }) => source === 'editor').map(({ path }) => path);
  if (unedited.length > 0 && !editor) throw new MoultError('EDITOR_MISSING', { paths: unedited });
  const missing = paths.find(
    ({ before, change }) => before.kind === 'absent' && change !== null && changes[change]?.type === 'modify',
  );
  if (missing) throw new MoultError('FILE_MISSING', { path: missing.path, type: 'modify' });
}

/** @throws ROLLBACK_CONFLICT where a file is no longer as a completed improvement left it. */
export async function refuseLaterEdits(
  host: Host,
  project: Project,
  { plan, journal }: ImprovementTask,
): Promise<void> {
  const changed: string[] = [];
  const walk = { fs: host.fileSystem, root: await rootOf(host, project, plan) };
  await forEachPath(walk, journal.of('intent'), async (tree, { path, after }) => {
    if (after !== null && !sameImage((await pathImage(tree, path)).image, after)) changed.push(path);
  });
  if (changed.length > 0)
    throw new MoultError('ROLLBACK_CONFLICT', { taskId: plan.taskId, paths: changed.sort() });
}
