import { hasCode } from '../errors/has-code.js';
import { foldersOf } from '../git/folders-of.js';
import { lstatOrNull } from '../workspace/read-image.js';
import { Tree } from '../workspace/tree.js';
import type { Undeclared } from './find-undeclared.js';
import type { ImprovementParts } from './improvement-parts.js';

/** Removes the folders that were made while the checks ran, where nothing is left in them. */
export async function removeUndeclaredDirectories(
  { fileSystem: fs, root, journal, plan }: ImprovementParts,
  { changes }: Undeclared,
): Promise<void> {
  const witness = journal.of('witness').at(-1);
  const created = changes.filter(({ kind, doubt }) => kind === 'created' && doubt === null);
  if (witness === undefined || plan.undeclared === 'report' || journal.of('sealed').length > 0) return;
  const folders = [...new Set(created.flatMap(({ path }) => foldersOf(path)))].sort().reverse();
  await Tree.use(fs, root, async (tree) => {
    for (const folder of folders) await removeIfNew(tree, folder, BigInt(witness.startedNs));
    await tree.sync();
  });
}

async function removeIfNew(tree: Tree, folder: string, startedNs: bigint): Promise<void> {
  try {
    const { parent, name } = await tree.parentOf(folder);
    const stats = parent && (await lstatOrNull(tree.fs, parent.at(name)));
    if (stats?.isDirectory() !== true || stats.birthtimeNs <= startedNs) return;
    await tree.fs.rmdir((parent as NonNullable<typeof parent>).at(name));
  } catch (error) {
    // Somebody has something in it, or it is gone with a folder above.
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT', 'PATH_THROUGH_LINK', 'PATH_INVALID')) return;
    throw error;
  }
}
