import type { PlannedPath } from '../plan/plan.js';
import type { FileSystem } from '../ports/file-system.js';
import { MoultError } from '../errors/moult-error.js';
import { copyDurably } from './copy-file.js';
import { readImage, sameImage } from './read-image.js';
import type { Tree } from './tree.js';

export interface BeforeImage {
  how: 'none' | 'link' | 'copy';
  /** Tells a link that somebody wrote into from another file in its place. */
  inode: string;
  /** When the file was last written, in nanoseconds since the epoch: a link shows later writes into it. */
  modifiedNs: string;
}

/** Nothing stood there. */
export const noBeforeImage: BeforeImage = { how: 'none', inode: '0', modifiedNs: '0' };

/**
 * Saves what stands at a planned path: a hard link to it, or a copy where others can write into the same file.
 *
 * @throws PLAN_STALE where something else stands there than the plan saw.
 */
export async function takeBeforeImage(tree: Tree, planned: PlannedPath, saved: string): Promise<BeforeImage> {
  const { fs } = tree;
  const { parent, name } = await tree.parentOf(planned.path);
  if (!parent || planned.before.kind === 'absent') return noBeforeImage;
  const source = parent.at(name);
  // Left over from a process that died while it took before-images: this one takes them anew.
  await fs.rm(saved, { force: true });
  const before = await fs.lstat(source, { bigint: true });
  const linked = mayBeLinked(planned, before.nlink) && (await linkWherePossible(fs, source, saved));
  if (!linked) await copyDurably(fs, { from: source, to: saved, image: planned.before, like: before });
  else if (planned.before.kind === 'file') await fs.syncFile(saved);
  const { image, stats } = await readImage(fs, saved, planned.path);
  if (!sameImage(image, planned.before)) throw new MoultError('PLAN_STALE', { paths: [planned.path] });
  return { how: linked ? 'link' : 'copy', inode: String(stats?.ino), modifiedNs: String(stats?.mtimeNs) };
}

// A link is as good as a copy only while nobody writes into the shared file: what stays in place a check or a person may
// write into (a mere target, a file that is to be as it was, or that the editor may leave so), and a file with other
// names can be written through those.
function mayBeLinked({ before, after }: PlannedPath, links: bigint): boolean {
  return after !== null && !sameImage(before, after) && links === 1n;
}

/** Other devices, file systems without links, and files of other users (fs.protected_hardlinks) refuse. */
async function linkWherePossible(fs: FileSystem, from: string, to: string): Promise<boolean> {
  try {
    await fs.link(from, to);
    return true;
  } catch (error) {
    const refusals = ['EXDEV', 'EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS'];
    if (refusals.includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
