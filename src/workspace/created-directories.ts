import type { FileSystem } from '../ports/file-system.js';
import { lstatOrNull } from './read-image.js';
import type { Slots } from './slots.js';
import { parentPath, type Tree } from './tree.js';

/** A directory that is made for a new file. Inode and birth tell it from one that somebody else makes there. */
export interface CreatedDirectory {
  index: number;
  path: string;
  anchor: string;
  inode: string;
  bornNs: string;
}

/** Which directories the given files need and the project does not have, upper ones first. */
export async function missingDirectories(tree: Tree, files: readonly string[]): Promise<string[]> {
  const missing = new Set<string>();
  for (const file of files) {
    const chain: string[] = [];
    for (
      let directory = parentPath(file);
      directory !== '' && !missing.has(directory);
      directory = parentPath(directory)
    ) {
      if (await tree.directory(directory)) break;
      chain.unshift(directory);
    }
    chain.forEach((directory) => missing.add(directory));
  }
  return [...missing];
}

/** Makes a directory ready to be moved into the project. */
export async function stageDirectory(
  tree: Tree,
  slots: Slots,
  path: string,
  index: number,
): Promise<CreatedDirectory> {
  const { fs } = tree;
  const { anchor, handle } = await tree.anchorOf(path);
  const slot = slots.at('directories', String(index), handle);
  await fs.rm(slot, { recursive: true, force: true });
  await fs.mkdir(slot);
  const parent = await fs.stat(handle.at('.'), { bigint: true });
  // As mkdir would do inside a set-group-id directory.
  if ((parent.mode & 0o2000n) !== 0n) {
    const own = await fs.stat(slot, { bigint: true });
    await fs.lchown(slot, Number(own.uid), Number(parent.gid));
    await fs.chmod(slot, Number(own.mode & 0o777n) | 0o2000);
  }
  if (slots.areBeside(handle)) await handle.sync();
  const stats = await fs.stat(slot, { bigint: true });
  return { index, path, anchor, inode: String(stats.ino), bornNs: String(stats.birthtimeNs) };
}

/** Moves a staged directory to its place. One that somebody has made there meanwhile is used, and stays theirs. */
export async function placeDirectory(tree: Tree, slots: Slots, directory: CreatedDirectory): Promise<void> {
  const { parent, name } = await tree.parentOf(directory.path);
  if (!parent || (await lstatOrNull(tree.fs, parent.at(name)))) return;
  const home = (await tree.directory(directory.anchor)) ?? parent;
  try {
    await tree.fs.rename(slots.at('directories', String(directory.index), home), parent.at(name));
  } catch (error) {
    if (!['EEXIST', 'ENOTEMPTY', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
  }
}

/** Removes a directory that was made for the improvement, unless somebody keeps something in it. */
export async function removeDirectory(tree: Tree, directory: CreatedDirectory): Promise<void> {
  const { parent, name } = await tree.parentOf(directory.path);
  if (!parent || !(await isOurs(tree.fs, parent.at(name), directory))) return;
  try {
    await tree.fs.rmdir(parent.at(name));
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

async function isOurs(fs: FileSystem, file: string, { inode, bornNs }: CreatedDirectory): Promise<boolean> {
  const stats = await lstatOrNull(fs, file);
  return (
    stats !== null &&
    stats.isDirectory() &&
    String(stats.ino) === inode &&
    String(stats.birthtimeNs) === bornNs
  );
}
