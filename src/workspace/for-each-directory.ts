import type { BigIntStats } from 'node:fs';
import { nullIfAbsent } from '../errors/null-if-absent.js';
import type { FileSystem } from '../ports/file-system.js';
import { letOthersRun } from '../ports/let-others-run.js';
import { lstatOrNull } from './read-image.js';

/** Something in a directory that is open. */
export interface DirectoryEntry {
  /** Relative to the root. */
  path: string;
  /** By which to reach it while its directory is visited. */
  at: string;
  stats: BigIntStats;
}

interface Walk {
  fs: FileSystem;
  /** The real path of the project root. */
  root: string;
  /** Which directories below are visited. Default: all. */
  enters?: (directory: DirectoryEntry) => boolean;
}

/**
 * Visits a directory, `''` for the root, and those below, in an order that depends on nothing but their names. No link is
 * followed; what vanishes meanwhile is left out.
 */
export async function forEachDirectory(
  { fs, root, enters = () => true }: Walk,
  top: string,
  visit: (entries: DirectoryEntry[]) => Promise<void> | void,
): Promise<void> {
  const pending = [top];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    await letOthersRun();
    const handle = await fs.openDirectory(root, folder === '' ? [] : folder.split('/')).catch(nullIfAbsent);
    if (handle === null) continue;
    try {
      const entries: DirectoryEntry[] = [];
      for (const name of (await fs.readdir(handle.at('.'))).sort()) {
        const at = handle.at(name);
        const stats = await lstatOrNull(fs, at);
        if (stats) entries.push({ path: folder === '' ? name : `${folder}/${name}`, at, stats });
      }
      await visit(entries);
      pending.push(
        ...entries.filter((entry) => entry.stats.isDirectory() && enters(entry)).map(({ path }) => path),
      );
    } finally {
      await handle.close();
    }
  }
}
