import { createHash } from 'node:crypto';
import * as path from 'node:path';
import { z } from 'zod';
import { MoultError } from '../errors/moult-error.js';
import type { Fence } from './fence.js';
import type { FileSystem } from '../ports/file-system.js';
import { letOthersRun } from '../ports/let-others-run.js';
import { journalMark, refuseCutJournal } from './journal-mark.js';
import { readStateFile } from './read-state-file.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const fileImageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('absent') }),
  z.strictObject({
    kind: z.literal('file'),
    sha256,
    mode: z.number().int().min(0).max(0o7777),
    sizeBytes: z.number().int().min(0),
  }),
  z.strictObject({ kind: z.literal('symlink'), target: z.string().min(1) }),
]);

const oid = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);
const index = z.number().int().min(0);
const bodySchema = z.discriminatedUnion('type', [
  /** A before-image is in place. `link`: it is the very file; `copy`: its bytes. */
  z.strictObject({
    type: z.literal('before-image'),
    index,
    how: z.enum(['none', 'link', 'copy']),
    inode: z.string(),
    modifiedNs: z.string(),
  }),
  /** The path at `index` of the plan is about to change. `anchor`: the nearest directory that existed, relative. */
  z.strictObject({
    type: z.literal('intent'),
    index,
    path: z.string(),
    anchor: z.string(),
    before: fileImageSchema,
    after: fileImageSchema.nullable(),
  }),
  /** A directory is about to be made; its inode and birth tell it from one that somebody else makes. */
  z.strictObject({
    type: z.literal('directory-intent'),
    index,
    path: z.string(),
    anchor: z.string(),
    inode: z.string(),
    bornNs: z.string(),
  }),
  /** The intent at `index` was carried out. Without it the intent is in doubt. */
  z.strictObject({ type: z.literal('outcome'), index }),
  /** Somebody changed the path at `index` first: their version stays. */
  z.strictObject({ type: z.literal('conflict'), index }),
  /** What was built before the change lies whole in `artifacts/<position>`, ready to be put back. */
  z.strictObject({
    type: z.literal('artifacts'),
    kept: z.array(z.strictObject({ path: z.string(), fingerprint: sha256 })),
  }),
  /** The checks are about to begin: `tree` is the working tree outside the plan, in the store of checkpoints. */
  z.strictObject({
    type: z.literal('witness'),
    tree: oid,
    /** The commit of HEAD. */
    head: oid.nullable(),
    startedNs: z.string().regex(/^\d+$/),
    /** Of changed and untracked files whose rights are not the usual ones. */
    modes: z.array(z.tuple([z.string(), z.number().int().min(0).max(0o7777)])),
  }),
  /** What differed from it when the checks had ended; nothing of it has been put back yet. The last one counts. */
  z.strictObject({
    type: z.literal('undeclared'),
    changes: z.array(
      z.strictObject({
        path: z.string(),
        kind: z.enum(['created', 'modified', 'deleted']),
        /** Null: nothing stood there. */
        before: z.strictObject({ mode: z.string(), oid }).nullable(),
        /** Why it must not be put back. */
        doubt: z.string().nullable(),
      }),
    ),
    more: z.number().int().min(0),
  }),
  /** The undeclared change of `path` is about to be put back; its bytes lie in `undeclared/<position>`. */
  z.strictObject({
    type: z.literal('undeclared-intent'),
    position: z.number().int().min(0),
    path: z.string(),
    anchor: z.string(),
    before: fileImageSchema,
  }),
  /** Every planned byte is in place and validated: the decision to keep them. */
  z.strictObject({ type: z.literal('sealed') }),
  /** The host is about to be asked for a restart. */
  z.strictObject({ type: z.literal('restart-asked') }),
  /** An interrupted task is about to go on. */
  z.strictObject({ type: z.literal('resumed') }),
]);
export type JournalBody = z.infer<typeof bodySchema>;

const recordSchema = z.strictObject({
  seq: z.number().int().positive(),
  /** The fencing token of the lock under which this was written. */
  token: z.number().int().min(0),
  /** ISO 8601. */
  at: z.string(),
  body: bodySchema,
});
export type JournalRecord = z.infer<typeof recordSchema>;

export interface JournalOptions {
  fileSystem: FileSystem;
  file: string;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/**
 * What was about to happen to each file, and what did, one record a line: its checksum, a space, its JSON.
 * Appended only, and on disk when `append` returns.
 */
export class Journal {
  private readonly records: JournalRecord[];

  private constructor(
    private readonly options: JournalOptions,
    records: JournalRecord[],
    /** Where the next record goes: behind the last whole one. */
    private endBytes: number,
  ) {
    this.records = records;
  }

  /**
   * @throws STATE_UNREADABLE where a record before the last is damaged. A torn last line was never acknowledged and is dropped.
   */
  static async open(options: JournalOptions): Promise<Journal> {
    const bytes = await readJournal(options);
    await refuseCutJournal(options.fileSystem, options.file, bytes);
    const { records, endBytes } = await parse(bytes, options.file);
    return new Journal(options, records, endBytes);
  }

  all(): readonly JournalRecord[] {
    return this.records;
  }

  of<Type extends JournalBody['type']>(type: Type): Extract<JournalBody, { type: Type }>[] {
    return this.records
      .map(({ body }) => body)
      .filter((body): body is Extract<JournalBody, { type: Type }> => body.type === type);
  }

  /**
   * Writes the records in one go. With `durable` (the default) they survive a power loss once this returns.
   *
   * @throws LOCK_LOST for a process that somebody else has superseded.
   */
  async append(bodies: readonly JournalBody[], fence: Fence, { durable = true } = {}): Promise<void> {
    if (bodies.length === 0) return;
    await fence.assertHeld();
    const { token } = fence;
    const at = new Date(this.options.now()).toISOString();
    const added = bodies.map((body, position) => ({
      seq: this.records.length + position + 1,
      token,
      at,
      body,
    }));
    const bytes = await toLines(added);
    const handle = await this.options.fileSystem.open(this.options.file, 'r+');
    try {
      for (let written = 0; written < bytes.length;) {
        const { bytesWritten } = await handle.write(
          bytes,
          written,
          bytes.length - written,
          this.endBytes + written,
        );
        if (bytesWritten === 0)
          throw new MoultError('STATE_NOT_SAVED', {
            file: this.options.file,
            reason: 'the disk takes no more bytes',
          });
        written += bytesWritten;
      }
      await handle.truncate(this.endBytes + bytes.length);
      if (durable) await handle.sync();
    } finally {
      await handle.close();
    }
    for (const record of added) this.records.push(record);
    this.endBytes += bytes.length;
  }

  /**
   * To be called when all intents are on disk, before the first file of the project is changed: from then on a journal
   * that was cut off is noticed. Needs no flush: a power loss takes the mark and never the journal.
   */
  async mark(fence: Fence): Promise<void> {
    await fence.assertHeld();
    const { fileSystem, file } = this.options;
    const written = (await readJournal(this.options)).subarray(0, this.endBytes);
    const name = path.join(path.dirname(file), journalMark(written));
    await fileSystem.writeFile(name, '', { mode: 0o600 });
  }
}

async function readJournal({ fileSystem, file }: JournalOptions): Promise<Buffer> {
  try {
    return await readStateFile(fileSystem, file);
  } catch (error) {
    if (error instanceof MoultError) throw error;
    throw new MoultError(
      'STATE_UNREADABLE',
      { file, reason: (error as Error).message, saved: null },
      { cause: error },
    );
  }
}

async function parse(bytes: Buffer, file: string): Promise<{ records: JournalRecord[]; endBytes: number }> {
  const records: JournalRecord[] = [];
  let endBytes = 0;
  while (endBytes < bytes.length) {
    await letOthersRun();
    const newline = bytes.indexOf('\n', endBytes);
    const line = bytes.subarray(endBytes, newline === -1 ? bytes.length : newline).toString('utf8');
    const record = newline === -1 ? null : parseRecord(line, records.length + 1, file);
    if (record === null) {
      if (newline === -1 || newline === bytes.length - 1) break;
      throw new MoultError('STATE_UNREADABLE', {
        file,
        reason: `record ${records.length + 1} is not whole`,
        saved: null,
      });
    }
    records.push(record);
    endBytes = newline + 1;
  }
  return { records, endBytes };
}

async function toLines(records: readonly JournalRecord[]): Promise<Buffer> {
  const lines: string[] = [];
  for (const record of records) {
    await letOthersRun();
    lines.push(toLine(record));
  }
  return Buffer.from(lines.join(''));
}

function toLine(record: JournalRecord): string {
  const json = JSON.stringify(record);
  return `${checksum(json)} ${json}\n`;
}

function parseRecord(line: string, seq: number, file: string): JournalRecord | null {
  const json = line.slice(checksumLength + 1);
  if (line.slice(0, checksumLength) !== checksum(json)) return null;
  const value = parsedOrNull(json);
  const record = recordSchema.safeParse(value);
  if (record.success) return record.data.seq === seq ? record.data : null;
  refuseUnknownType(value, file);
  return null;
}

/** A whole record of a kind that is not known here was written by a newer version of moult. */
function refuseUnknownType(value: unknown, file: string): void {
  const type = (value as { body?: { type?: unknown } } | null)?.body?.type;
  const known = bodySchema.options.map(({ shape }) => shape.type.value);
  if (typeof type !== 'string' || known.includes(type as JournalBody['type'])) return;
  const found = `record ${type}`;
  throw new MoultError('STATE_TOO_NEW', { file, found, supported: `records ${known.join(', ')}` });
}

/** A whole line that is no JSON was not written by us. */
function parsedOrNull(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const checksumLength = 16;
function checksum(json: string): string {
  return createHash('sha256').update(json).digest('hex').slice(0, checksumLength);
}
