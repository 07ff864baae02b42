import { open } from 'node:fs/promises';
import type { ImprovementDetails } from '../service/describe-task.js';
import { logFile } from '../service/log-file.js';

const headBytes = 64 * 1024;
const tailBytes = 192 * 1024;

/** What a check of an improvement printed; null where there is no such check, or its log has been removed. */
export async function readLog(
  { checks, folder }: Pick<ImprovementDetails, 'checks' | 'folder'>,
  name: string,
): Promise<string | null> {
  const check = checks.find((result) => result.name === name);
  const file = check ? logFile(check, folder) : null;
  if (file === null) return null;
  try {
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      const read = async (from: number, length: number) => {
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, from);
        return buffer.subarray(0, bytesRead).toString('utf8');
      };
      if (size <= headBytes + tailBytes) return await read(0, size);
      const missing = (size - headBytes - tailBytes).toLocaleString('en-US');
      const [head, tail] = [await read(0, headBytes), await read(size - tailBytes, tailBytes)];
      return `${head}\n[… ${missing} bytes are left out here …]\n${tail}`;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
