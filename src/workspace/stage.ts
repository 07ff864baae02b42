import type { FileImage } from '../plan/plan.js';
import type { DirectoryHandle } from '../ports/file-system.js';
import type { BigIntStats } from 'node:fs';
import { MoultError } from '../errors/moult-error.js';
import { copyDurably, keepOwner } from './copy-file.js';
import { readImage, sameImage, lstatOrNull } from './read-image.js';
import type { Slots } from './slots.js';
import type { Tree } from './tree.js';

interface Staging {
  index: number;
  path: string;
  before: FileImage;
  after: FileImage;
  /** The file that holds the bytes after. */
  bytes: string;
  /** Only the mode changes: the time of the last write stays. */
  keepTimes: boolean;
}

const setGroupId = 0o2000n;

/**
 * Writes everything of one new file but its name: bytes, mode and owner, on disk, on the device of its target.
 * Answers the nearest directory above the path that exists, relative to the root.
 *
 * @throws APPLY_FAILED where the bytes are not the planned ones.
 */
export async function stage(tree: Tree, slots: Slots, staging: Staging): Promise<string> {
  const { fs } = tree;
  const { anchor, handle } = await tree.anchorOf(staging.path);
  const slot = slots.at('staged', String(staging.index), handle);
  // Left over from a process that died here.
  await fs.rm(slot, { force: true });
  if (staging.after.kind === 'absent') return anchor;
  const like = await ownerModel(tree, staging, handle);
  await copyDurably(fs, {
    from: staging.bytes,
    to: slot,
    image: staging.after,
    like: staging.keepTimes ? like : null,
  });
  await takeOwner(tree, slot, like, handle);
  const { image } = await readImage(fs, slot, staging.path);
  if (!sameImage(image, staging.after)) {
    throw new MoultError('APPLY_FAILED', {
      path: staging.path,
      reason: 'its staged bytes are not the planned ones',
    });
  }
  // The task's own folder is synced once for all.
  if (slots.areBeside(handle)) await handle.sync();
  return anchor;
}

/** The file that is replaced; null for a new one. */
async function ownerModel(
  tree: Tree,
  { path, before }: Staging,
  handle: DirectoryHandle,
): Promise<BigIntStats | null> {
  return before.kind === 'absent'
    ? null
    : lstatOrNull(tree.fs, handle.at(path.slice(path.lastIndexOf('/') + 1)));
}

/** A new file belongs to the group of a set-group-id directory, as if it had been created there. */
async function takeOwner(
  { fs }: Tree,
  slot: string,
  like: BigIntStats | null,
  directory: DirectoryHandle,
): Promise<void> {
  if (like) return keepOwner(fs, slot, like);
  const parent = await fs.stat(directory.at('.'), { bigint: true });
  if ((parent.mode & setGroupId) !== 0n)
    await keepOwner(fs, slot, { uid: (await fs.lstat(slot, { bigint: true })).uid, gid: parent.gid });
}
