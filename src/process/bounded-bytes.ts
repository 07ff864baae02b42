/**
 * Collects a stream of bytes in at most `maxBytes` of memory, whatever the size of the chunks: its first bytes, or its
 * last ones.
 */
export class BoundedBytes {
  #buffer: Buffer = Buffer.alloc(0);
  #used = 0;
  /** Where the oldest byte lies once a tail has gone round. */
  #start = 0;
  #seen = 0;

  constructor(
    private readonly maxBytes: number,
    private readonly keep: 'head' | 'tail',
  ) {}

  /** All bytes that came, kept or not. */
  get seenBytes(): number {
    return this.#seen;
  }

  get truncated(): boolean {
    return this.#seen > this.maxBytes;
  }

  append(chunk: Uint8Array): void {
    this.#seen += chunk.length;
    const free = this.maxBytes - this.#used;
    if (free > 0) this.#fill(chunk.subarray(0, free));
    if (this.keep === 'tail' && chunk.length > free) this.#overwrite(chunk.subarray(free));
  }

  toBuffer(): Buffer {
    if (this.#start === 0) return this.#buffer.subarray(0, this.#used);
    return Buffer.concat([this.#buffer.subarray(this.#start), this.#buffer.subarray(0, this.#start)]);
  }

  #fill(chunk: Uint8Array): void {
    const needed = this.#used + chunk.length;
    if (needed > this.#buffer.length) this.#grow(needed);
    this.#buffer.set(chunk, this.#used);
    this.#used = needed;
  }

  /** Doubles, so that many small chunks cost no more than few large ones. */
  #grow(needed: number): void {
    const capacity = Math.min(this.maxBytes, Math.max(needed, 2 * this.#buffer.length));
    const larger = Buffer.allocUnsafeSlow(capacity);
    larger.set(this.#buffer.subarray(0, this.#used));
    this.#buffer = larger;
  }

  /** The buffer is full: the newest bytes take the place of the oldest. */
  #overwrite(chunk: Uint8Array): void {
    if (this.maxBytes === 0) return;
    const newest = chunk.subarray(Math.max(0, chunk.length - this.maxBytes));
    const untilEnd = Math.min(newest.length, this.maxBytes - this.#start);
    this.#buffer.set(newest.subarray(0, untilEnd), this.#start);
    this.#buffer.set(newest.subarray(untilEnd), 0);
    this.#start = (this.#start + newest.length) % this.maxBytes;
  }
}
