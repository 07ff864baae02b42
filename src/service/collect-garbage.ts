import { withSystemErrors } from '../errors/with-system-errors.js';
import type { Host } from './host.js';
import type { Project } from './project.js';
import { removeOldTasks, type Garbage } from './remove-old-tasks.js';
import { inSession } from './session.js';

/**
 * Removes what the configuration's `retention` no longer keeps, and what crashes left behind.
 *
 * @param dryRun only says what would be removed; takes no lock and writes nothing.
 */
export async function collectGarbage(host: Host, project: Project, dryRun: boolean): Promise<Garbage> {
  const { store } = project;
  const work = { host, project, thorough: true, budgetMs: Infinity };
  if (dryRun) return withSystemErrors(() => removeOldTasks({ ...work, lock: null }));
  // Without state there is nothing to remove, and none is made.
  if ((await store.ids()).length === 0 && (await store.leftovers()).length === 0)
    return { removed: [], freedBytes: 0, keptBytes: 0 };
  return inSession({ host, project }, ({ lock }) => removeOldTasks({ ...work, lock }));
}
