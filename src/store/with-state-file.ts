import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { MoultError } from '../errors/moult-error.js';
import type { FileSystem } from '../ports/file-system.js';

// A FIFO in the place of the file would block the open for ever, and a link would have us read what is not ours.
// Windows knows neither flag.
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file of the state directory for reading, whatever somebody has put in its place.
 *
 * @throws STATE_UNREADABLE where it is no regular file; `ENOENT` where nothing is there.
 */
export async function withStateFile<Result>(
  fs: Pick<FileSystem, 'open'>,
  file: string,
  work: (handle: FileHandle, sizeBytes: number) => Promise<Result>,
): Promise<Result> {
  try {
    const handle = await fs.open(file, flags);
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) throw noFile(file);
      return await work(handle, stats.size);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A link; a socket; on Windows a directory.
    if (code === 'ELOOP' || code === 'ENXIO' || code === 'EISDIR') throw noFile(file, error);
    throw error;
  }
}

function noFile(file: string, cause?: unknown): MoultError {
  return new MoultError(
    'STATE_UNREADABLE',
    { file, reason: 'it is not a regular file', saved: null },
    { cause },
  );
}
