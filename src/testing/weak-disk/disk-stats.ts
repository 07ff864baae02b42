import type { BigIntStats, Stats } from 'node:fs';
import type { Inode } from './inode.js';

const typeBits = { file: 0o100000, directory: 0o040000, symlink: 0o120000 };

/** The one device of a disk. */
export const diskDevice = 1;

/** What `lstat` says of an inode. */
export function diskStats(inode: Inode, bigint: boolean): Stats | BigIntStats {
  const { number, kind, mode, links, uid, gid, modifiedNs, bornNs } = inode;
  const size = kind === 'file' ? inode.bytes.length : kind === 'symlink' ? inode.target.length : 0;
  const numbers = { dev: diskDevice, ino: number, mode: typeBits[kind] | mode, nlink: links, uid, gid, size };
  const milliseconds = (ns: bigint) => (bigint ? ns / 1_000_000n : Number(ns) / 1e6);
  const stats = {
    ...(bigint ? mapToBigInt(numbers) : numbers),
    atimeMs: milliseconds(modifiedNs),
    mtimeMs: milliseconds(modifiedNs),
    ctimeMs: milliseconds(modifiedNs),
    birthtimeMs: milliseconds(bornNs),
    ...(bigint ? { atimeNs: modifiedNs, mtimeNs: modifiedNs, ctimeNs: modifiedNs, birthtimeNs: bornNs } : {}),
    isFile: () => kind === 'file',
    isDirectory: () => kind === 'directory',
    isSymbolicLink: () => kind === 'symlink',
    isFIFO: () => false,
    isSocket: () => false,
    isBlockDevice: () => false,
    isCharacterDevice: () => false,
  };
  return stats as unknown as Stats | BigIntStats;
}

function mapToBigInt(numbers: Record<string, number>): Record<string, bigint> {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, BigInt(value)]));
}
