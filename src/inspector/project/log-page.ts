import type { FileSystem } from '../../ports/file-system.js';
import { withStateFile } from '../../store/with-state-file.js';
import { visibleOutput } from '../../wording/visible.js';
import type { LogPage } from '../protocol/improvement.js';

const pageBytes = 64 * 1024;

/**
 * A part of a log, however long that is.
 *
 * @param fromBytes null for the end of it.
 */
export async function logPage(
  fileSystem: Pick<FileSystem, 'open'>,
  file: string,
  fromBytes: number | null,
): Promise<LogPage> {
  return withStateFile(fileSystem, file, async (handle, sizeBytes) => {
    const from = Math.min(fromBytes ?? Math.max(0, sizeBytes - pageBytes), sizeBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(pageBytes), 0, pageBytes, from);
    const read = buffer.subarray(0, bytesRead);
    const begin = fromBytes === null && from > 0 ? read.indexOf(0x0a) + 1 : 0;
    const end = from + bytesRead < sizeBytes ? endOfLine(read) : endOfCharacter(read);
    const text = visibleOutput(read.toString('utf8', begin, end));
    return { text, fromBytes: from + begin, toBytes: from + end, sizeBytes };
  });
}

function endOfLine(bytes: Buffer): number {
  return bytes.lastIndexOf(0x0a) + 1 || endOfCharacter(bytes);
}

/** Where the last whole character of UTF-8 ends. */
function endOfCharacter(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
