import { diskStats } from './disk-stats.js';
import type { Inode } from './inode.js';

/** A file that was opened: what its handle can do. */
export interface OpenFile {
  inode: Inode;
  /** @throws where the process that opened it is gone. */
  requireAlive(): void;
  write(bytes: Uint8Array, at: number): void;
  truncate(length: number): void;
  chmod(mode: number): void;
  sync(): void;
}

/** The part of `FileHandle` of `node:fs/promises` that the engine uses. */
export function diskFileHandle(file: OpenFile): object {
  let position = 0;
  const alive =
    <Args extends unknown[], Result>(call: (...args: Args) => Result) =>
    // eslint-disable-next-line @typescript-eslint/require-await -- async, so that an exception becomes a rejection
    async (...args: Args) => {
      file.requireAlive();
      return call(...args);
    };
  const put = (bytes: Uint8Array, at: number | null = null): { bytesWritten: number } => {
    file.write(bytes, at ?? position);
    if (at === null) position += bytes.length;
    return { bytesWritten: bytes.length };
  };
  return {
    write: alive((bytes: Uint8Array, offset?: number, length?: number | null, at?: number | null) => {
      const start = offset ?? 0;
      return put(bytes.subarray(start, start + (length ?? bytes.length - start)), at);
    }),
    writeFile: alive((data: string | Uint8Array) => void put(Buffer.from(data as Uint8Array))),
    readFile: alive(() => Buffer.from(file.inode.bytes)),
    stat: alive((options?: { bigint?: boolean }) => diskStats(file.inode, options?.bigint === true)),
    truncate: alive((length?: number) => file.truncate(length ?? 0)),
    chmod: alive((mode: number) => file.chmod(mode)),
    sync: alive(() => file.sync()),
    datasync: alive(() => file.sync()),
    close: () => Promise.resolve(),
  };
}
