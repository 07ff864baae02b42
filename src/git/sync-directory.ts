import type { FileSystem } from '../ports/file-system.js';

/** Makes the names in a directory survive a power loss. */
export async function syncDirectory(
  fileSystem: Pick<FileSystem, 'openDirectory'>,
  directory: string,
): Promise<void> {
  const handle = await fileSystem.openDirectory(directory, []);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
