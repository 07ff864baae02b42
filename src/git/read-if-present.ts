import type { FileSystem } from '../ports/file-system.js';
import { hasCode } from '../errors/has-code.js';

/** The bytes of a file; null where there is none. */
export async function readIfPresent(
  fileSystem: Pick<FileSystem, 'readFile'>,
  file: string | Buffer,
): Promise<Buffer | null> {
  try {
    return await fileSystem.readFile(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) return null;
    throw error;
  }
}
