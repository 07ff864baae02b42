import type { FileHandle } from 'node:fs/promises';
import { MoultError } from '../errors/moult-error.js';
import type { FileSystem } from '../ports/file-system.js';
import { BoundedBytes } from '../process/bounded-bytes.js';

const mebibyte = 1024 * 1024;
/** So much is masked at once; between two such pieces others may run. */
const maskedBytes = 64 * 1024;

export interface CheckLogLimits {
  headBytes: number;
  tailBytes: number;
}

export interface CheckLogOptions extends CheckLogLimits {
  /** Takes out what must not be kept; a character of its text is a byte of the output. */
  mask: (text: string) => Promise<string>;
}

const defaultLimits: CheckLogLimits = { headBytes: 48 * mebibyte, tailBytes: 16 * mebibyte };

/** The whole output of a check in a file. Of more than 64 MiB the beginning and the end, and how much is missing. */
export class CheckLog {
  #waiting: Uint8Array[] = [];
  #writing: Promise<void> | null = null;
  #failure: unknown = null;
  #headBytes = 0;
  readonly #tail: BoundedBytes;

  private constructor(
    private readonly file: FileHandle,
    private readonly name: string,
    private readonly options: CheckLogOptions,
  ) {
    this.#tail = new BoundedBytes(options.tailBytes, 'tail');
  }

  /** @throws MoultError STATE_NOT_SAVED */
  static async open(
    fileSystem: Pick<FileSystem, 'open'>,
    name: string,
    options: Pick<CheckLogOptions, 'mask'> & Partial<CheckLogLimits>,
  ): Promise<CheckLog> {
    try {
      const file = await fileSystem.open(name, 'w', 0o600);
      // The file may be there already, from a run that was interrupted.
      await file.chmod(0o600);
      return new CheckLog(file, name, { ...defaultLimits, ...options });
    } catch (error) {
      throw notSaved(name, error);
    }
  }

  /** Returns at once: at most the two limits together wait in memory. */
  append(chunk: Uint8Array): void {
    const head = chunk.subarray(0, this.options.headBytes - this.#headBytes);
    this.#headBytes += head.length;
    if (head.length > 0) this.#write(head);
    if (head.length < chunk.length) this.#tail.append(chunk.subarray(head.length));
  }

  /** @throws MoultError STATE_NOT_SAVED where any of it could not be written. */
  async close(): Promise<void> {
    this.#appendTail();
    await this.#writing;
    try {
      await this.file.close();
    } catch (error) {
      this.#failure ??= error;
    }
    if (this.#failure !== null) throw notSaved(this.name, this.#failure);
  }

  #appendTail(): void {
    const tail = this.#tail.toBuffer();
    const missingBytes = this.#tail.seenBytes - tail.length;
    if (missingBytes > 0) {
      this.#write(Buffer.from(`\n[… ${missingBytes.toLocaleString('en-US')} bytes are left out here …]\n`));
    }
    if (tail.length > 0) this.#write(tail);
  }

  #write(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#writing ??= this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const bytes = Buffer.concat(this.#waiting);
        this.#waiting = [];
        for (const piece of wholeLines(bytes))
          await this.file.writeFile(await this.options.mask(piece.toString('latin1')), 'latin1');
      }
    } catch (error) {
      this.#failure ??= error;
      this.#waiting = [];
    }
    this.#writing = null;
  }
}

/** In pieces that end with a line, where there is an end: a secret must not be cut in two. */
function* wholeLines(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length;) {
    const limit = from + maskedBytes;
    const lineEnd = limit < bytes.length ? bytes.lastIndexOf(10, limit - 1) : -1;
    const to = lineEnd >= from ? lineEnd + 1 : Math.min(limit, bytes.length);
    yield bytes.subarray(from, to);
    from = to;
  }
}

function notSaved(file: string, error: unknown): MoultError {
  const reason = error instanceof Error ? error.message : String(error);
  return new MoultError('STATE_NOT_SAVED', { file, reason }, { cause: error });
}
