import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { MoultError } from '../errors/moult-error.js';
import type { FileSystem } from '../ports/file-system.js';
import { replaceFileDurably } from '../store/durable-file.js';
import { readStateFile } from '../store/read-state-file.js';
import type { RestartFolder } from './restart-folder.js';

/** Seen from the built file this ends up in, from a built entry one folder below, and from the sources. */
const places = ['./guard/guard.mjs', '../guard/guard.mjs', '../../dist/guard/guard.mjs'];

/**
 * Puts the guard into the state directory, whole and on disk, where no change of the project reaches it. Does nothing where
 * it is there already.
 *
 * @returns its path.
 * @throws GUARD_NOT_BUILT.
 */
export async function copyGuard(fs: FileSystem, { guard }: RestartFolder): Promise<string> {
  const bytes = await readGuard(fs);
  const known = await readStateFile(fs, guard).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (known === null || sha256(known) !== sha256(bytes)) await replaceFileDurably(fs, guard, bytes);
  return guard;
}

async function readGuard(fs: FileSystem): Promise<Buffer> {
  const files = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  for (const file of files) {
    try {
      return await fs.readFile(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new MoultError('GUARD_NOT_BUILT', { places: files });
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
