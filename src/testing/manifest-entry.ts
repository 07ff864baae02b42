import type { BigIntStats } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { decodeName } from './decode-name.js';
import { hashFile } from './hash-file.js';
import { orIfDenied } from './or-if-denied.js';

/** What stands at one path. */
export interface ManifestEntry {
  type: 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'device';
  /** Permission bits in octal, set-user-id and the like included, as `0644`. */
  mode: string;
  /** Of a file only. */
  sizeBytes?: number;
  /** Of a file only: SHA-256 in hex, or `unreadable` where the user may not read it. */
  sha256?: string;
  /** Of a symbolic link only. */
  target?: string;
  /** Hard links to it; not of a directory, whose count differs by file system. */
  links?: number;
  /** Modification time in nanoseconds since the epoch; not of a directory, where every change to an entry moves it. */
  modifiedNs?: string;
}

export async function manifestEntry(
  file: Buffer,
  stats: BigIntStats,
  times: boolean,
): Promise<ManifestEntry> {
  const type = typeOf(stats);
  const mode = (Number(stats.mode) & 0o7777).toString(8).padStart(4, '0');
  if (type === 'directory') return { type, mode };
  return {
    type,
    mode,
    links: Number(stats.nlink),
    ...(times ? { modifiedNs: String(stats.mtimeNs) } : {}),
    ...(type === 'symlink' ? { target: decodeName(await readlink(file, { encoding: 'buffer' })) } : {}),
    ...(type === 'file' ? await contentOf(file, stats) : {}),
  };
}

async function contentOf(
  file: Buffer,
  stats: BigIntStats,
): Promise<Pick<ManifestEntry, 'sizeBytes' | 'sha256'>> {
  return { sizeBytes: Number(stats.size), sha256: await orIfDenied(hashFile(file), 'unreadable') };
}

function typeOf(stats: BigIntStats): ManifestEntry['type'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  return stats.isSocket() ? 'socket' : 'device';
}
