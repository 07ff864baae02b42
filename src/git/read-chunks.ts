import type { FileHandle } from 'node:fs/promises';
import { MoultError } from '../errors/moult-error.js';

const chunkBytes = 1024 * 1024;

/**
 * The first `sizeBytes` bytes of a file, piece by piece: of a file that grows meanwhile, what it was when it was opened.
 *
 * @throws MoultError GIT_FAILED where the file turns out to be shorter.
 */
export async function* readChunks(source: FileHandle, sizeBytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < sizeBytes;) {
    const wanted = Math.min(chunkBytes, sizeBytes - at);
    const { bytesRead, buffer } = await source.read(Buffer.allocUnsafe(wanted), 0, wanted, at);
    if (bytesRead === 0) {
      throw new MoultError('GIT_FAILED', {
        command: 'hash-object',
        reason: 'a file shrank while it was read',
      });
    }
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}
