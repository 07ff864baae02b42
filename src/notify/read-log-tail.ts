import { constants } from 'node:fs';
import * as path from 'node:path';
import type { FileSystem } from '../ports/file-system.js';
import type { NoticeLog } from './notifier.js';

const tailBytes = 64 * 1024;
/** Something else may have been put in its place. Windows knows neither flag. */
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** The end of a log, up to 64 KiB; what the check itself kept, where there is no log. */
export async function readLogTail(
  fileSystem: FileSystem,
  stateDirectory: string,
  { path: file, tail }: NoticeLog,
): Promise<string> {
  if (file === null) return tail;
  try {
    const text = await readEnd(fileSystem, path.join(stateDirectory, file));
    return text.trim() === '' ? tail : text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return tail;
  }
}

async function readEnd(fileSystem: FileSystem, file: string): Promise<string> {
  const handle = await fileSystem.open(file, flags);
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, tailBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const text = new TextDecoder().decode(buffer.subarray(0, bytesRead));
    // The first line may be half of one, and its first character half of one.
    return size > length ? text.slice(text.indexOf('\n') + 1) : text;
  } finally {
    await handle.close();
  }
}
