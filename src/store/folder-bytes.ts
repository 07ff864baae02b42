import type { BigIntStats } from 'node:fs';
import * as path from 'node:path';
import { nullIfAbsent } from '../errors/null-if-absent.js';
import type { FileSystem } from '../ports/file-system.js';

const blockBytes = 512n;

/**
 * How much of the disk the removal of a folder gives back: the blocks of its files. A file that has another name
 * elsewhere, as the user's own file has while it is a before-image, gives nothing back. What vanishes meanwhile is nothing.
 */
export async function folderBytes(fs: FileSystem, folder: string): Promise<number> {
  let bytes = 0n;
  for (const name of (await fs.readdir(folder).catch(nullIfAbsent)) ?? []) {
    const entry = path.join(folder, name);
    const stats = await fs.lstat(entry, { bigint: true }).catch(nullIfAbsent);
    if (stats === null) continue;
    if (stats.isDirectory()) bytes += BigInt(await folderBytes(fs, entry));
    else if (stats.nlink === 1n) bytes += allocated(stats);
  }
  return Number(bytes);
}

/** Windows and some network file systems tell no blocks. */
function allocated({ blocks, size }: BigIntStats): bigint {
  return blocks === undefined || blocks < 0n ? size : blocks * blockBytes;
}
