import * as path from 'node:path';
import { z } from 'zod';
import type { FileSystem } from '../../ports/file-system.js';
import { replaceFileDurably } from '../../store/durable-file.js';
import { readStateFile } from '../../store/read-state-file.js';

const schema = z.object({
  format: z.literal(1),
  /** Keys of the notices that are delivered, or given up. */
  told: z.array(z.string()),
  /** What was sent: how the other side calls it. */
  sent: z.record(z.string(), z.string()),
  /** What is about to be sent, since when (milliseconds since the epoch). It may have arrived. */
  sending: z.record(z.string(), z.number()),
});
type Notes = z.infer<typeof schema>;

const none: Notes = { format: 1, told: [], sent: {}, sending: {} };

/** What is known of the deliveries of one improvement to one target. On disk before it is relied on. */
export class DeliveryNotes {
  private constructor(
    private notes: Notes,
    private readonly save: (notes: Notes) => Promise<void>,
  ) {}

  static async open(fs: FileSystem, directory: string, taskId: string): Promise<DeliveryNotes> {
    const file = path.join(directory, `${taskId}.json`);
    return new DeliveryNotes(await read(fs, file), async (notes) => {
      await fs.mkdir(directory, { recursive: true, mode: 0o700 });
      await replaceFileDurably(fs, file, Buffer.from(JSON.stringify(notes)));
    });
  }

  /** Notes that nobody needs later. */
  static inMemory(): DeliveryNotes {
    return new DeliveryNotes(none, () => Promise.resolve());
  }

  get told(): readonly string[] {
    return this.notes.told;
  }

  /** How much was sent so far. */
  get sentCount(): number {
    return Object.keys(this.notes.sent).length;
  }

  sent(step: string): string | undefined {
    return this.notes.sent[step];
  }

  /** Since when it has been sent without an answer; undefined where it was not. */
  sendingSince(step: string): number | undefined {
    return this.notes.sending[step];
  }

  async beginSending(step: string, now: number): Promise<void> {
    await this.change({ sending: { ...this.notes.sending, [step]: now } });
  }

  async wasSent(step: string, name: string): Promise<void> {
    await this.change({
      sending: without(this.notes.sending, step),
      sent: { ...this.notes.sent, [step]: name },
    });
  }

  /** It is known not to be there (any more). */
  async forget(step: string): Promise<void> {
    await this.change({ sending: without(this.notes.sending, step), sent: without(this.notes.sent, step) });
  }

  async wasTold(key: string): Promise<void> {
    if (!this.notes.told.includes(key)) await this.change({ told: [...this.notes.told, key] });
  }

  private async change(change: Partial<Notes>): Promise<void> {
    const notes = { ...this.notes, ...change };
    await this.save(notes);
    this.notes = notes;
  }
}

/** Removes the notes of those improvements. */
export async function pruneNotes(
  fs: FileSystem,
  directory: string,
  isOver: (taskId: string) => boolean,
): Promise<void> {
  const names = await fs.readdir(directory).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) {
    const [, taskId] = /^(si-\d{1,16})\.json$/.exec(name) ?? [];
    if (taskId !== undefined && isOver(taskId)) await fs.rm(path.join(directory, name), { force: true });
  }
}

function without<Value>(record: Record<string, Value>, key: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

/** Damaged notes are no notes: what was sent is looked for before it is sent again only where they say so. */
async function read(fs: FileSystem, file: string): Promise<Notes> {
  try {
    return schema.parse(JSON.parse((await readStateFile(fs, file)).toString('utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return none;
    if (error instanceof SyntaxError || error instanceof z.ZodError) return none;
    throw error;
  }
}
