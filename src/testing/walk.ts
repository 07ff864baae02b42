import type { BigIntStats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { decodeName } from './decode-name.js';
import { joinBytes } from './join-bytes.js';
import { orIfDenied } from './or-if-denied.js';

/** One path below the directory that was walked. */
export interface Visit {
  /** Where it lies, in the bytes the file system knows it by. */
  file: Buffer;
  /** Relative to the directory that was walked, with forward slashes; empty for that directory itself. */
  path: string;
  stats: BigIntStats;
}

/**
 * Visits a directory and all that lies below it, in the order of the names. `visit` answers false to leave out what
 * lies below a directory. Symbolic links are visited and not followed.
 */
export async function walk(
  directory: Buffer,
  visit: (found: Visit) => Promise<boolean>,
  path = '',
): Promise<void> {
  const stats = await lstat(directory, { bigint: true });
  if (!(await visit({ file: directory, path, stats })) || !stats.isDirectory()) return;
  const names: Buffer[] = await orIfDenied(readdir(directory, { encoding: 'buffer' }), []);
  for (const name of names.sort((one, other) => Buffer.compare(one, other))) {
    await walk(joinBytes(directory, name), visit, [path, decodeName(name)].filter(Boolean).join('/'));
  }
}
