import { createFileDurably } from '../store/durable-file.js';
import { Journal } from '../store/journal.js';
import type { NewPlan } from '../plan/make-plan.js';
import { encodePlan } from '../plan/plan-file.js';
import { inParallel } from '../workspace/in-parallel.js';
import type { Host } from './host.js';
import { ImprovementTask } from './improvement-task.js';
import type { Project } from './project.js';

/** Writes a new plan with its contents to disk, as one step, and makes the improvement of it; not yet started. */
export async function createTask(
  host: Host,
  project: Project,
  { plan, contents }: NewPlan,
): Promise<ImprovementTask> {
  const { fileSystem, clock } = host;
  await project.store.markActive(plan.taskId);
  const folder = await project.store.create(plan.taskId, async (draft) => {
    await inParallel([...contents], ([index, bytes]) =>
      createFileDurably(fileSystem, draft.planned(index), bytes),
    );
    await createFileDurably(fileSystem, draft.plan, encodePlan(plan));
  });
  const journal = await Journal.open({ fileSystem, file: folder.journal, now: () => clock.now() });
  const { dev: device } = await fileSystem.stat(folder.path);
  return new ImprovementTask(
    { host, project, root: project.root, plan, folder, journal, device },
    { kind: 'new' },
  );
}
