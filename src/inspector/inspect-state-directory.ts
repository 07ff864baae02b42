import { nodeFileSystem } from '../ports/node-file-system.js';
import { inheritedEnvironment } from '../process/node-spawner.js';
import { createSecretMasker } from '../secrets/secret-masker.js';
import { viewOfStateDirectory } from '../service/project-view.js';
import type { InspectOptions } from './inspect-service.js';
import { ProjectSource } from './project/project-source.js';
import { startServer, type Inspector } from './server/start-server.js';

/**
 * The same for a state directory by itself: a copy from another machine, or what a crash left. Nothing can be done from
 * there.
 *
 * @throws NOT_A_PROJECT where the folder is no state directory, and what `inspectService` throws.
 */
export async function inspectStateDirectory(
  directory: string,
  { task, ...listen }: Omit<InspectOptions, 'allowActions' | 'by'> = {},
): Promise<Inspector> {
  const source = await sourceOfStateDirectory(directory, task);
  return startServer(source, listen);
}

export async function sourceOfStateDirectory(
  directory: string,
  task: string | undefined,
): Promise<ProjectSource> {
  const masker = createSecretMasker(inheritedEnvironment);
  const view = await viewOfStateDirectory({ fileSystem: nodeFileSystem, masker }, directory);
  const source = new ProjectSource({ view, by: '', task: task ?? null, service: null });
  if (task !== undefined) await source.reader.record(task);
  return source;
}
