import { createHash } from 'node:crypto';
import type { FileSystem } from '../../ports/file-system.js';
import { forEachDirectory, type DirectoryEntry } from '../../workspace/for-each-directory.js';
import { lstatOrNull } from '../../workspace/read-image.js';
import { Tree } from '../../workspace/tree.js';

export interface ArtifactFacts {
  /** Equal as long as nothing in it was written, moved or given other rights. */
  fingerprint: string;
  sizeBytes: number;
}

/** What can be said of an artifact without reading it; null where nothing stands there. */
export async function artifactFacts(
  fs: FileSystem,
  root: string,
  artifact: string,
): Promise<ArtifactFacts | null> {
  const top = await Tree.use(fs, root, async (tree) => {
    const { parent, name } = await tree.parentOf(artifact);
    return parent && (await lstatOrNull(fs, parent.at(name)));
  });
  if (top === null) return null;
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const add = ({ path, stats }: Pick<DirectoryEntry, 'path' | 'stats'>) => {
    const { ino, size, mtimeNs, ctimeNs, mode } = stats;
    hash.update(JSON.stringify([path, ...[ino, size, mtimeNs, ctimeNs, mode].map(String)]));
    if (stats.isFile()) sizeBytes += Number(size);
  };
  add({ path: artifact, stats: top });
  if (top.isDirectory())
    await forEachDirectory({ fs, root }, artifact, (entries) => {
      for (const entry of entries) add(entry);
    });
  return { fingerprint: hash.digest('hex'), sizeBytes };
}
