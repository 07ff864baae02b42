import * as path from 'node:path';
import type { FileSystem } from '../ports/file-system.js';
import type { TaskFolder } from '../store/task-folder.js';

/**
 * Lets go of the old files of an improvement that changed nothing, or nothing any more. They are links to the user's
 * own files, which should have one name again. What was displaced stays.
 *
 * @param displaced absolute paths.
 */
export async function releaseBeforeImages(
  fileSystem: FileSystem,
  folder: TaskFolder,
  displaced: readonly string[],
): Promise<void> {
  await fileSystem.rm(folder.undeclaredFolder, { recursive: true, force: true });
  await fileSystem.rm(folder.artifactsFolder, { recursive: true, force: true });
  for (const drawer of [
    folder.beforeFolder,
    folder.stagedFolder,
    folder.directoriesFolder,
    folder.takenFolder,
  ]) {
    const files = (await fileSystem.readdir(drawer)).map((name) => path.join(drawer, name));
    for (const file of files.filter((one) => !displaced.includes(one))) {
      await fileSystem.rm(file, { recursive: true, force: true });
    }
  }
}
