import type { BigIntStats } from 'node:fs';
import type { FileSystem } from '../ports/file-system.js';
import type { FileImage } from '../plan/plan.js';
import { nullIfAbsent } from '../errors/null-if-absent.js';
import { MoultError } from '../errors/moult-error.js';

/** What stands at a path, and the facts about it that a hash does not hold. */
export interface Observation {
  image: FileImage;
  /** Null where nothing stands there. */
  stats: BigIntStats | null;
}

/**
 * Looks at one path without following a link.
 *
 * @param name how the path is called in errors.
 * @throws PATH_NOT_A_FILE for a directory or a special file, FILE_UNREADABLE where rights are missing.
 */
export async function readImage(fs: FileSystem, file: string, name: string): Promise<Observation> {
  const stats = await lstatOrNull(fs, file);
  if (stats === null) return { image: { kind: 'absent' }, stats };
  if (stats.isSymbolicLink()) return { image: { kind: 'symlink', target: await fs.readlink(file) }, stats };
  if (!stats.isFile()) throw new MoultError('PATH_NOT_A_FILE', { path: name, kind: kindOf(stats) });
  const image: FileImage = {
    kind: 'file',
    sha256: await hashFile(fs, file, name),
    mode: Number(stats.mode & 0o7777n),
    sizeBytes: Number(stats.size),
  };
  return { image, stats };
}

/** Null where nothing stands there. */
export function lstatOrNull(fs: FileSystem, file: string): Promise<BigIntStats | null> {
  return fs.lstat(file, { bigint: true }).catch(nullIfAbsent);
}

/** What is no file and no link is never the same as anything. */
export function sameImage(a: FileImage | { kind: 'other' }, b: FileImage): boolean {
  if (a.kind === 'file' && b.kind === 'file') return a.sha256 === b.sha256 && a.mode === b.mode;
  if (a.kind === 'symlink' && b.kind === 'symlink') return a.target === b.target;
  return a.kind === b.kind;
}

async function hashFile(fs: FileSystem, file: string, name: string): Promise<string> {
  try {
    return await fs.hashFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    throw new MoultError(
      'FILE_UNREADABLE',
      { path: name, reason: (error as Error).message },
      { cause: error },
    );
  }
}

function kindOf(stats: BigIntStats): string {
  if (stats.isDirectory()) return 'directory';
  if (stats.isFIFO()) return 'FIFO';
  if (stats.isSocket()) return 'socket';
  return 'device';
}
