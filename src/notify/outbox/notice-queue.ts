import { createHash, randomUUID } from 'node:crypto';
import * as path from 'node:path';
import type { FileSystem } from '../../ports/file-system.js';
import { createFileDurably, replaceFileDurably, syncDirectory } from '../../store/durable-file.js';
import { readStateFile } from '../../store/read-state-file.js';
import { decodeQueued, encodeQueued, type QueuedNotice } from './queued-notice.js';

/** Its place in the row, whose it is, which it is, and chance, for two that come at the same moment. */
const namePattern = /^\d{15}-si-\d{1,16}-[0-9a-f]{16}-[0-9a-f]{8}$/;

/** The notices that wait to be delivered, a file each, in the order of their names. */
export class NoticeQueue {
  constructor(
    private readonly fs: FileSystem,
    /** Absolute; made with the first notice. */
    private readonly directory: string,
  ) {}

  /** First comes first. */
  async names(): Promise<string[]> {
    const names = await this.fs.readdir(this.directory).catch((error: NodeJS.ErrnoException): string[] => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return names.filter((name) => namePattern.test(name)).sort();
  }

  /** At the end of the row, and on disk when this returns. */
  async add(queued: QueuedNotice, names: readonly string[]): Promise<void> {
    await this.fs.mkdir(this.directory, { recursive: true, mode: 0o700 });
    // Also where the clock was set back meanwhile.
    const number = Math.max(queued.queuedAt, Number(names.at(-1)?.slice(0, 15) ?? 0) + 1);
    const chance = randomUUID().slice(0, 8);
    const name = `${String(number).padStart(15, '0')}-${identity(queued.notice.taskId, queued.key)}-${chance}`;
    const draft = path.join(this.directory, `${name}.draft`);
    await createFileDurably(this.fs, draft, encodeQueued(queued));
    await this.fs.rename(draft, path.join(this.directory, name));
    await syncDirectory(this.fs, this.directory);
  }

  /** Null for what is not a notice; it stands in the way of the others. */
  async read(name: string): Promise<QueuedNotice | null> {
    return decodeQueued(await readStateFile(this.fs, path.join(this.directory, name)));
  }

  async replace(name: string, queued: QueuedNotice): Promise<void> {
    await replaceFileDurably(this.fs, path.join(this.directory, name), encodeQueued(queued));
  }

  async remove(name: string): Promise<void> {
    await this.fs.rm(path.join(this.directory, name), { force: true });
  }
}

/** The part of a name that is the same whenever a notice is queued. */
export function isQueued(names: readonly string[], taskId: string, key: string): boolean {
  return names.some((name) => name.includes(`-${identity(taskId, key)}-`));
}

function identity(taskId: string, key: string): string {
  return `${taskId}-${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
}
