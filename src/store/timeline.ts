import { constants } from 'node:fs';
import type { FileSystem } from '../ports/file-system.js';
import type { Logger } from '../ports/logger.js';
import type { TimelineBody, TimelineRecord } from './timeline-record.js';

const flags =
  constants.O_WRONLY |
  constants.O_APPEND |
  constants.O_CREAT |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0);

export interface TimelineOptions {
  fileSystem: Pick<FileSystem, 'stat' | 'writeFile'>;
  file: string;
  logger: Logger;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Takes secrets out of what is written. */
  mask: <Value>(value: Value) => Value;
  /** Default 4 MiB. */
  maxBytes?: number;
}

/**
 * What happened to an improvement, for people to look at: lines are only ever added. It decides nothing and keeps nobody
 * waiting: it is not flushed, it is bounded, and when it cannot be written the logger hears of it once.
 */
export class Timeline {
  private waiting: TimelineRecord[] = [];
  private writing: Promise<void> | null = null;
  /** Null before the first write of this process. */
  private sizeBytes: number | null = null;
  private hasEnded = false;
  private readonly maxBytes: number;

  constructor(private readonly options: TimelineOptions) {
    this.maxBytes = options.maxBytes ?? 4 * 1024 * 1024;
  }

  /** Returns at once, and never throws. */
  append(body: TimelineBody): void {
    if (this.hasEnded) return;
    this.waiting.push(this.record(body));
    this.writing ??= this.writeAll();
  }

  /** Resolves when everything is written, or nothing can be. */
  async idle(): Promise<void> {
    await this.writing;
  }

  private async writeAll(): Promise<void> {
    try {
      // What happens in one go is written in one go.
      await Promise.resolve();
      while (this.waiting.length > 0 && !this.hasEnded) await this.write(this.waiting.splice(0));
    } catch (error) {
      this.hasEnded = true;
      const reason = (error as Error).message;
      this.options.logger.warn(`[moult] what happens is not recorded any more: ${reason}`);
    }
    this.waiting = [];
    this.writing = null;
  }

  private async write(records: TimelineRecord[]): Promise<void> {
    const { fileSystem, file, mask } = this.options;
    const lines = mask(records).map(toLine);
    if (this.sizeBytes === null) {
      this.sizeBytes = await sizeOf(fileSystem, file);
      // The last line of the process before may be torn.
      if (this.sizeBytes > 0) lines.unshift('\n');
    }
    const bytes = Buffer.from(this.untilFull(lines));
    await fileSystem.writeFile(file, bytes, { flag: flags, mode: 0o600 });
  }

  private untilFull(lines: string[]): string {
    let text = '';
    for (const line of lines) {
      this.sizeBytes = (this.sizeBytes ?? 0) + Buffer.byteLength(line);
      if (this.sizeBytes > this.maxBytes) {
        this.hasEnded = true;
        return text + toLine(this.record({ kind: 'full' }));
      }
      text += line;
    }
    return text;
  }

  private record(body: TimelineBody): TimelineRecord {
    return { at: new Date(this.options.now()).toISOString(), ...body };
  }
}

function toLine(record: TimelineRecord): string {
  return `${JSON.stringify(record)}\n`;
}

async function sizeOf(fileSystem: Pick<FileSystem, 'stat'>, file: string): Promise<number> {
  try {
    return (await fileSystem.stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
