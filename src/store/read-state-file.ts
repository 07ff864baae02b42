import type { FileSystem } from '../ports/file-system.js';
import { withStateFile } from './with-state-file.js';

/**
 * Reads a file of the state directory, whatever somebody has put in its place.
 *
 * @throws STATE_UNREADABLE where it is no regular file; `ENOENT` where nothing is there.
 */
export function readStateFile(fs: FileSystem, file: string): Promise<Buffer> {
  return withStateFile(fs, file, (handle) => handle.readFile());
}
