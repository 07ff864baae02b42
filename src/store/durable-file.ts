import { randomUUID } from 'node:crypto';
import * as path from 'node:path';
import { MoultError } from '../errors/moult-error.js';
import type { FileSystem } from '../ports/file-system.js';

/**
 * Creates a file that is whole and on disk when this returns, or throws. The name survives a power loss only after
 * its directory is synced too: see `syncDirectory`.
 *
 * @throws `EEXIST` where something has that name.
 */
export async function createFileDurably(
  fs: FileSystem,
  file: string,
  bytes: Uint8Array,
  mode = 0o600,
): Promise<void> {
  const handle = await fs.open(file, 'wx', mode);
  try {
    for (let written = 0; written < bytes.length;) {
      // A write may be short without an error, for example on a disk that fills up.
      const { bytesWritten } = await handle.write(bytes, written, bytes.length - written);
      if (bytesWritten === 0)
        throw new MoultError('STATE_NOT_SAVED', { file, reason: 'the disk takes no more bytes' });
      written += bytesWritten;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Puts `bytes` under the name `file` in one step: a reader, or the next boot, sees all of the old or all of the new. */
export async function replaceFileDurably(fs: FileSystem, file: string, bytes: Uint8Array): Promise<void> {
  const draft = `${file}.${randomUUID()}.draft`;
  try {
    await createFileDurably(fs, draft, bytes);
    await fs.rename(draft, file);
  } catch (error) {
    await fs.rm(draft, { force: true });
    throw error;
  }
  await syncDirectory(fs, path.dirname(file));
}

/** Makes the names in a directory of ours survive a power loss. */
export async function syncDirectory(fs: Pick<FileSystem, 'openDirectory'>, directory: string): Promise<void> {
  const handle = await fs.openDirectory(directory, []);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
