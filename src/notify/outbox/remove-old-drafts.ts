import * as path from 'node:path';
import type { FileSystem } from '../../ports/file-system.js';

/** Removes what a killed process had begun to write, and nobody will go on with: drafts last changed before `before` (milliseconds since the epoch). */
export async function removeOldDrafts(fs: FileSystem, directory: string, before: number): Promise<void> {
  const names = await fs.readdir(directory).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names.filter((name) => name.endsWith('.draft'))) {
    const file = path.join(directory, name);
    const changedAt = await changeTime(fs, file);
    if (changedAt !== null && changedAt < before) await fs.rm(file, { force: true });
  }
}

/** Null where its process has given it its name meanwhile. */
async function changeTime(fs: FileSystem, file: string): Promise<number | null> {
  try {
    return (await fs.lstat(file)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
