import { z } from 'zod';
import { MoultError } from '../errors/moult-error.js';
import type { FileSystem } from '../ports/file-system.js';
import { decodeChecked, encodeChecked } from './checked-file.js';

const sizesSchema = z.record(z.string(), z.number().int().min(0));

/** How much of the disk each ended improvement takes, remembered so that nobody has to look at every file again. */
export class SizeLedger {
  private isChanged = false;

  private constructor(
    private readonly fs: FileSystem,
    private readonly file: string,
    private readonly sizes: Map<string, number>,
  ) {}

  /** One that is missing or damaged is empty: everything in it can be measured again. */
  static async open(fs: FileSystem, file: string): Promise<SizeLedger> {
    return new SizeLedger(fs, file, new Map(Object.entries(await readSizes(fs, file))));
  }

  get(taskId: string): number | undefined {
    return this.sizes.get(taskId);
  }

  set(taskId: string, bytes: number): void {
    this.isChanged ||= this.sizes.get(taskId) !== bytes;
    this.sizes.set(taskId, bytes);
  }

  /** Keeps what is known of the given improvements and forgets all others. Not durable: half a file is noticed. */
  async save(taskIds: readonly string[]): Promise<void> {
    if (!this.isChanged && this.sizes.size <= taskIds.length) return;
    const known = taskIds.flatMap((id) => (this.sizes.has(id) ? [[id, this.sizes.get(id)]] : []));
    await this.fs.writeFile(this.file, encodeChecked(Object.fromEntries(known)), { mode: 0o600 });
  }
}

async function readSizes(fs: FileSystem, file: string): Promise<Record<string, number>> {
  try {
    return sizesSchema.safeParse(decodeChecked(await fs.readFile(file), file)).data ?? {};
  } catch (error) {
    const isDamaged = error instanceof MoultError && error.code === 'STATE_UNREADABLE';
    if (!isDamaged && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return {};
  }
}
