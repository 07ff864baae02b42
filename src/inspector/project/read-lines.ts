import type { FileSystem } from '../../ports/file-system.js';
import { withStateFile } from '../../store/with-state-file.js';

/** A line of a file that is only added to, and where it begins. */
export interface NumberedLine {
  fromBytes: number;
  text: string;
}

export interface Lines {
  lines: NumberedLine[];
  /** Where the next one begins. */
  toBytes: number;
  /** There is more behind. */
  more: boolean;
}

const chunkBytes = 512 * 1024;

/** The whole lines of a file from a place on, so many as fit into a chunk; none where the file is missing. */
export async function readLines(
  fileSystem: Pick<FileSystem, 'open'>,
  file: string,
  fromBytes: number,
): Promise<Lines> {
  try {
    return await withStateFile(fileSystem, file, async (handle, sizeBytes) => {
      const length = Math.min(chunkBytes, sizeBytes - fromBytes);
      if (length <= 0) return { lines: [], toBytes: fromBytes, more: false };
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, fromBytes);
      const chunk = buffer.subarray(0, bytesRead);
      // Nothing of ours has such a line: it is skipped, or the reading would stand still here.
      const end = chunk.lastIndexOf(0x0a) + 1 || (bytesRead === chunkBytes ? bytesRead : 0);
      const toBytes = fromBytes + end;
      return {
        lines: linesOf(chunk.subarray(0, end), fromBytes),
        toBytes,
        more: end > 0 && toBytes < sizeBytes,
      };
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { lines: [], toBytes: fromBytes, more: false };
  }
}

function linesOf(chunk: Buffer, fromBytes: number): NumberedLine[] {
  const lines: NumberedLine[] = [];
  for (let begin = 0; begin < chunk.length;) {
    const end = chunk.indexOf(0x0a, begin);
    if (end === -1) break;
    if (end > begin) lines.push({ fromBytes: fromBytes + begin, text: chunk.toString('utf8', begin, end) });
    begin = end + 1;
  }
  return lines;
}
