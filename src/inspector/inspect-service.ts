import type { SelfImprovementService } from '../self-improvement-service.js';
import { ProjectSource } from './project/project-source.js';
import { startServer, type Inspector, type ListenOptions } from './server/start-server.js';

export interface InspectOptions extends ListenOptions {
  /** Who acts, a name a person can be found by. Default `inspector`. */
  by?: string;
  /** The improvement to begin with. Default: the history. */
  task?: string;
}

/**
 * Serves a page that shows the improvements of a service's project: what they did, do and could do. It reads the state
 * directory, so that it shows what any process does; actions go through the service.
 *
 * @throws INSPECTOR_NOT_STARTED, INSPECTOR_PAGE_MISSING, INSPECTOR_UNKNOWN for another `task`, and what opening the project
 * throws.
 */
export async function inspectService(
  service: SelfImprovementService,
  { by = 'inspector', task, ...listen }: InspectOptions = {},
): Promise<Inspector> {
  const view = await service.view();
  const source = new ProjectSource({
    ...{ view, by, task: task ?? null },
    service: listen.allowActions === true ? service : null,
  });
  if (task !== undefined) await source.reader.record(task);
  return startServer(source, listen);
}
