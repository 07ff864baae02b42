import { constants } from 'node:fs';
import type { FileSystem } from '../ports/file-system.js';
import type { FileImage } from '../plan/plan.js';
import type { BigIntStats } from 'node:fs';

interface Copy {
  from: string;
  to: string;
  /** Of a file only its rights are looked at. */
  image: Exclude<FileImage, { kind: 'file' }> | { kind: 'file'; mode: number };
  /** Whose owner and times the copy gets, as far as Node can set them. */
  like: BigIntStats | null;
}

/** Copies a file or a link, shares the blocks where the file system can, and has it on disk before it returns. */
export async function copyDurably(fs: FileSystem, { from, to, image, like }: Copy): Promise<void> {
  if (image.kind === 'absent') return;
  if (image.kind === 'symlink') {
    await fs.symlink(image.target, to);
    return;
  }
  await fs.copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  await keepOwner(fs, to, like);
  await fs.chmod(to, image.mode);
  if (like) await fs.lutimes(to, Number(like.atimeMs) / 1000, Number(like.mtimeMs) / 1000);
  await fs.syncFile(to);
}

/** Only root may give files away; for others the file stays the writer's own, as with any editor that writes anew. */
export async function keepOwner(
  fs: FileSystem,
  file: string,
  like: Pick<BigIntStats, 'uid' | 'gid'> | null,
): Promise<void> {
  if (!like) return;
  const own = await fs.lstat(file, { bigint: true });
  if (own.uid === like.uid && own.gid === like.gid) return;
  try {
    await fs.lchown(file, Number(like.uid), Number(like.gid));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}
