import * as path from 'node:path';
import type { FileSystem } from '../../ports/file-system.js';
import { syncDirectory } from '../../store/durable-file.js';
import { copyDurably, keepOwner } from '../../workspace/copy-file.js';
import { forEachDirectory, type DirectoryEntry } from '../../workspace/for-each-directory.js';
import { inParallel } from '../../workspace/in-parallel.js';
import { lstatOrNull } from '../../workspace/read-image.js';
import { Tree } from '../../workspace/tree.js';

/**
 * Copies a file, a link or a folder with all below it, and has it on disk before it returns: a build writes into files
 * that stand there, so that a link to them would keep nothing. Blocks are shared where the file system can.
 */
export async function copyArtifact(fs: FileSystem, root: string, from: string, to: string): Promise<void> {
  const folders: { to: string; stats: DirectoryEntry['stats'] }[] = [];
  const copy = async ({ path: file, at, stats }: DirectoryEntry) => {
    const target = path.join(to, file.slice(from.length));
    if (stats.isDirectory()) {
      await fs.mkdir(target, { mode: 0o700 });
      folders.push({ to: target, stats });
    } else if (stats.isSymbolicLink()) {
      await fs.symlink(await fs.readlink(at), target);
    } else if (stats.isFile()) {
      const image = { kind: 'file', mode: Number(stats.mode & 0o7777n) } as const;
      await copyDurably(fs, { from: at, to: target, image, like: stats });
    }
  };
  await Tree.use(fs, root, async (tree) => {
    const { parent, name } = await tree.parentOf(from);
    const stats = parent && (await lstatOrNull(fs, parent.at(name)));
    if (parent && stats) await copy({ path: from, at: parent.at(name), stats });
  });
  if (folders.length > 0) await forEachDirectory({ fs, root }, from, (entries) => inParallel(entries, copy));
  // Only now: a folder that nobody may write into takes no copies.
  for (const { to: folder, stats } of folders.reverse()) {
    await syncDirectory(fs, folder);
    await keepOwner(fs, folder, stats);
    await fs.chmod(folder, Number(stats.mode & 0o7777n));
    await fs.lutimes(folder, Number(stats.atimeMs) / 1000, Number(stats.mtimeMs) / 1000);
  }
}
