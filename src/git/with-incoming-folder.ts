import { randomUUID } from 'node:crypto';
import * as path from 'node:path';
import type { FileSystem } from '../ports/file-system.js';
import { inSmallGroups } from './in-small-groups.js';
import { syncDirectory } from '../store/durable-file.js';

const prefix = 'incoming-';

/**
 * Runs `work` with a new folder in the store, and takes the folder away when the work is done. A folder that is still
 * there the next time tells of a crash.
 */
export async function withIncomingFolder<Result>(
  fileSystem: FileSystem,
  store: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  await settleLeftovers(fileSystem, store);
  const folder = path.join(store, prefix + randomUUID());
  await fileSystem.mkdir(folder, { mode: 0o700 });
  try {
    const result = await work(folder);
    await fileSystem.rm(folder, { recursive: true });
    return result;
  } catch (error) {
    // The space is given back; the empty folder stays, as after a crash.
    await fileSystem.rm(folder, { recursive: true, force: true });
    await fileSystem.mkdir(folder, { mode: 0o700 });
    throw error;
  }
}

/**
 * Whoever crashed may have moved objects into the store without flushing the folders. They would be taken for durable
 * now, so the flush is made up for.
 */
async function settleLeftovers(fileSystem: FileSystem, store: string): Promise<void> {
  const leftovers = (await fileSystem.readdir(store)).filter((name) => name.startsWith(prefix));
  if (leftovers.length === 0) return;
  const objects = path.join(store, 'objects');
  const groups = (await fileSystem.readdir(objects)).map((name) => path.join(objects, name));
  await inSmallGroups([...groups, objects], (folder) => syncDirectory(fileSystem, folder));
  for (const name of leftovers) await fileSystem.rm(path.join(store, name), { recursive: true, force: true });
}
