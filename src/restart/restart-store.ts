import * as path from 'node:path';
import { z } from 'zod';
import type { FileSystem } from '../ports/file-system.js';
import { MoultError } from '../errors/moult-error.js';
import { livenessOf, type ProcessIdentity } from '../process/process-identity.js';
import { decodeChecked, encodeChecked } from '../store/checked-file.js';
import { createFileDurably, replaceFileDurably, syncDirectory } from '../store/durable-file.js';
import { readStateFile } from '../store/read-state-file.js';
import type { RestartFolder } from './restart-folder.js';
import { bootSchema, recordSchema, requestSchema, type Boot, type RestartRecord } from './restart-schemas.js';
import type { RestartInput } from '../../machines/restart-types.js';

const identitySchema = z.object({
  pid: z.number().int().positive(),
  startTime: z.string().nullable(),
  bootId: z.string().nullable(),
  host: z.string(),
});

/** What is on disk of one program's restarts. */
export class RestartStore {
  constructor(
    private readonly fs: FileSystem,
    readonly folder: RestartFolder,
  ) {}

  /** Creates what is missing. The state directory exists. */
  async prepare(): Promise<void> {
    await this.fs.mkdir(this.folder.lock, { recursive: true, mode: 0o700 });
  }

  /** Asks for a restart; false where one is asked for already. Whole and on disk, or not there. */
  async writeRequest(request: RestartInput): Promise<boolean> {
    const draft = `${this.folder.request}.${request.restartId}`;
    await this.fs.rm(draft, { force: true });
    await createFileDurably(this.fs, draft, encodeChecked({ format: 1, request }));
    try {
      await this.fs.link(draft, this.folder.request);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      return false;
    } finally {
      await this.fs.rm(draft, { force: true });
    }
    await syncDirectory(this.fs, this.folder.path);
    return true;
  }

  async readRequest(): Promise<RestartInput | null> {
    return (await this.read(this.folder.request, requestSchema))?.request ?? null;
  }

  async removeRequest(): Promise<void> {
    await this.fs.rm(this.folder.request, { force: true });
    await syncDirectory(this.fs, this.folder.path);
  }

  /** Null where there never was a restart. @throws STATE_UNREADABLE, STATE_TOO_NEW. */
  async readRecord(): Promise<RestartRecord | null> {
    return this.read(this.folder.snapshot, recordSchema);
  }

  async saveRecord(record: Omit<RestartRecord, 'format' | 'machine' | 'machineVersion'>): Promise<void> {
    const envelope = { format: 1, machine: 'restart', machineVersion: 1, ...record };
    await replaceFileDurably(this.fs, this.folder.snapshot, encodeChecked(envelope));
  }

  async readBoot(): Promise<Boot | null> {
    return (await this.read(this.folder.boot, bootSchema))?.boot ?? null;
  }

  async writeBoot(boot: Boot): Promise<void> {
    await replaceFileDurably(this.fs, this.folder.boot, encodeChecked({ format: 1, boot }));
  }

  /** The configuration that was saved last; null where none was. */
  async readConfig(): Promise<Record<string, unknown> | null> {
    return this.read(this.folder.config, z.record(z.string(), z.unknown()));
  }

  async writeConfig(config: object): Promise<void> {
    await replaceFileDurably(this.fs, this.folder.config, encodeChecked(config));
  }

  /** The process the last guard started, if it still runs. */
  async readProgram(): Promise<ProcessIdentity | null> {
    const identity = await this.read(this.folder.program, identitySchema);
    return identity && livenessOf(identity) === 'alive' ? identity : null;
  }

  async writeProgram(identity: ProcessIdentity): Promise<void> {
    await replaceFileDurably(this.fs, this.folder.program, encodeChecked(identity));
  }

  async requestCancel(): Promise<void> {
    await this.fs.writeFile(this.folder.cancelRequest, '', { mode: 0o600 });
  }

  async takeCancelRequest(): Promise<boolean> {
    try {
      await this.fs.unlink(this.folder.cancelRequest);
      return true;
    } catch (error) {
      return falseIfAbsent(error);
    }
  }

  /** The instructions for people while the program must not be started; null at all other times. */
  async readSafeMode(): Promise<string | null> {
    try {
      return (await readStateFile(this.fs, this.folder.safeMode)).toString('utf8');
    } catch (error) {
      return falseIfAbsent(error) || null;
    }
  }

  async writeSafeMode(instructions: string): Promise<void> {
    await replaceFileDurably(this.fs, this.folder.safeMode, Buffer.from(instructions));
  }

  /** A person allows starts again. False where nothing forbade them. */
  async leaveSafeMode(): Promise<boolean> {
    try {
      await this.fs.unlink(this.folder.safeMode);
    } catch (error) {
      return falseIfAbsent(error);
    }
    await syncDirectory(this.fs, path.dirname(this.folder.safeMode));
    return true;
  }

  private async read<Value>(file: string, schema: z.ZodType<Value>): Promise<Value | null> {
    let bytes: Buffer;
    try {
      bytes = await readStateFile(this.fs, file);
    } catch (error) {
      return falseIfAbsent(error) || null;
    }
    const value = schema.safeParse(decodeChecked(bytes, file));
    if (value.success) return value.data;
    throw new MoultError('STATE_UNREADABLE', { file, reason: z.prettifyError(value.error), saved: null });
  }
}

function falseIfAbsent(error: unknown): false {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
  throw error;
}
