import type { FileImage } from '../plan/plan.js';
import type { FileSystem } from '../ports/file-system.js';
import { copyDurably } from './copy-file.js';
import { lstatOrNull } from './read-image.js';

interface Placement {
  /** A finished file or link; it keeps its name, unless the disk is full. */
  source: string;
  target: string;
  image: FileImage;
  /** A free name on the device of the target, for where a link cannot be made. */
  draft: string;
}

const noSpace = ['ENOSPC', 'EDQUOT'];
/** File systems without hard links, and sources on another device. */
const linkRefusals = ['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS'];

/**
 * Gives a finished file its name in the project, if the name is free. Answers false where somebody has put something
 * there: link(2) never replaces, where rename(2) would.
 */
export async function place(fs: FileSystem, placement: Placement): Promise<boolean> {
  try {
    await fs.link(placement.source, placement.target);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'EEXIST') return false;
    if (noSpace.includes(code)) return placeItself(fs, placement);
    if (linkRefusals.includes(code)) return placeCopy(fs, placement);
    throw error;
  }
  if (placement.image.kind === 'symlink') await undoFollowedLink(fs, placement);
  return true;
}

// Here a window remains in which somebody's new file would be replaced; docs/guarantees say so.
async function placeCopy(fs: FileSystem, { source, target, image, draft }: Placement): Promise<boolean> {
  await fs.rm(draft, { force: true });
  await copyDurably(fs, { from: source, to: draft, image, like: await lstatOrNull(fs, source) });
  if (await lstatOrNull(fs, target)) {
    await fs.rm(draft);
    return false;
  }
  await fs.rename(draft, target);
  return true;
}

// A second name takes room in a directory that a rename may not need. The window is that of `placeCopy`.
async function placeItself(fs: FileSystem, { source, target }: Placement): Promise<boolean> {
  if (await lstatOrNull(fs, target)) return false;
  await fs.rename(source, target);
  return true;
}

/** macOS links to what a symbolic link points to, and not to the link. */
async function undoFollowedLink(fs: FileSystem, { target, image }: Placement): Promise<void> {
  const stats = await fs.lstat(target);
  if (stats.isSymbolicLink() || image.kind !== 'symlink') return;
  await fs.unlink(target);
  await fs.symlink(image.target, target);
}
