import { createHash, randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createDeflate, deflate, deflateSync } from 'node:zlib';
import type { FileSystem } from '../ports/file-system.js';
import { objectHeader, objectId, type GitObject, type ObjectFormat } from './git-object.js';
import { hasCode } from '../errors/has-code.js';
import { HashedObjects } from './hashed-objects.js';
import { readChunks } from './read-chunks.js';

const compress = promisify(deflate);
/** Speed matters more than size here. */
const compression = { level: 1 };
/** Less than this is compressed sooner than handed to another thread. */
const smallBytes = 16 * 1024;

/**
 * New objects on their way into the store. They lie in a folder of their own, each under its name, until all are there:
 * what a crash leaves behind never looks like an object of the store.
 */
export class IncomingObjects {
  readonly #names = new Set<string>();

  constructor(
    private readonly fileSystem: FileSystem,
    private readonly store: string,
    private readonly format: ObjectFormat,
    /** Exists, empty, on the store's file system. */
    readonly directory: string,
  ) {}

  /** The objects to be moved into the store. */
  get names(): readonly string[] {
    return [...this.#names];
  }

  /** Writes an object, unless the store has it. Answers with its name. */
  async write(object: GitObject): Promise<string> {
    const oid = objectId(this.format, object);
    if ((await this.#isStored(oid)) || this.#names.has(oid)) return oid;
    this.#names.add(oid);
    const whole = Buffer.concat([objectHeader(object.type, object.content.length), object.content]);
    const bytes =
      whole.length < smallBytes ? deflateSync(whole, compression) : await compress(whole, compression);
    await this.fileSystem.writeFile(path.join(this.directory, oid), bytes, { mode: 0o600, flag: 'wx' });
    return oid;
  }

  /** Writes the first `sizeBytes` bytes of a file as a blob, however large it is. Answers with its name. */
  async writeFile(source: FileHandle, sizeBytes: number): Promise<string> {
    const draft = path.join(this.directory, `draft-${randomUUID()}`);
    const hash = createHash(this.format);
    const target = await this.fileSystem.open(draft, 'wx', 0o600);
    const whole = async function* () {
      for await (const chunk of withHeader(source, sizeBytes)) {
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(whole, createDeflate(compression), target.createWriteStream());
    const oid = hash.digest('hex');
    if (await this.#isStored(oid)) {
      await this.fileSystem.rm(draft);
    } else {
      await this.fileSystem.rename(draft, path.join(this.directory, oid));
      this.#names.add(oid);
    }
    return oid;
  }

  /** The name the first `sizeBytes` bytes of a file have as a blob; nothing is written. */
  hashFile(source: FileHandle, sizeBytes: number): Promise<string> {
    return new HashedObjects(this.format).hashFile(source, sizeBytes);
  }

  async #isStored(oid: string): Promise<boolean> {
    try {
      await this.fileSystem.lstat(path.join(this.store, 'objects', oid.slice(0, 2), oid.slice(2)));
      return true;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    }
  }
}

async function* withHeader(source: FileHandle, sizeBytes: number): AsyncGenerator<Buffer> {
  yield objectHeader('blob', sizeBytes);
  yield* readChunks(source, sizeBytes);
}
