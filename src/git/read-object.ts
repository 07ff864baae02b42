import * as path from 'node:path';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import type { FileSystem } from '../ports/file-system.js';
import { hasCode } from '../errors/has-code.js';

const decompress = promisify(inflate);

/** An object of our own store, header and content; null for one that is not ours. @throws where it cannot be read. */
export async function readObject(
  fileSystem: Pick<FileSystem, 'readFile'>,
  store: string,
  oid: string,
): Promise<Buffer | null> {
  try {
    return await decompress(
      await fileSystem.readFile(path.join(store, 'objects', oid.slice(0, 2), oid.slice(2))),
    );
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}
