import type { Inode } from './inode.js';

/** What goes wrong, at the n-th operation from now that changes something (1 for the next). */
export interface DiskFault {
  at: number;
  /**
   * `crash`: it does not happen, and neither does anything after it. `torn`: the same, but half of a write got through.
   * Any other word is the code of an error that it fails with, once: `EIO`, `ENOSPC`.
   */
  kind: 'crash' | 'torn' | (string & {});
}

interface Change {
  undo: () => void;
}

/** What lies on a weak disk, what of it is flushed, and what is to go wrong. */
export class DiskMemory {
  readonly root: Inode;
  /** How many operations changed something, or flushed. */
  operations = 0;
  private fault: DiskFault | null = null;
  private hook: { at: number; act: () => void } | null = null;
  private slow: { concerns: (file: string) => boolean; turns: number } | null = null;
  private counter = 1;
  private changes: Change[] = [];
  private readonly dirty = new Set<Inode>();
  /** Counts the crashes: a file system from before one is dead. */
  protected epoch = 0;
  protected isDown = false;

  constructor() {
    this.root = this.make('directory', 0o755);
  }

  /** From now on; `null` for a disk that works. */
  failAt(fault: DiskFault | null): void {
    this.fault = fault && { ...fault, at: this.operations + fault.at };
  }

  /** Does something just before the n-th operation from now, as another process would. */
  actAt(at: number, act: () => void): void {
    this.hook = { at: this.operations + at, act };
  }

  /** Calls for some files wait for so many turns of the microtask queue; others overtake them. */
  slowDown(turns: number, concerns: (file: string) => boolean): void {
    this.slow = { concerns, turns };
  }

  /** To be awaited before a call. */
  async untilItsTurn(file: unknown): Promise<void> {
    if (this.slow === null || typeof file !== 'string' || !this.slow.concerns(file)) return;
    for (let turn = 0; turn < this.slow.turns; turn += 1) await Promise.resolve();
  }

  /** The crash has happened: nothing works before `restart`. */
  get isCrashed(): boolean {
    return this.isDown;
  }

  /**
   * Cuts the power, if that has not happened yet, and comes up with what had been flushed and with some of the rest.
   *
   * @param random a number from 0 to below 1 for each decision.
   * @param powerLoss False: only the processes are gone; the system still has all that they wrote. Default true.
   */
  restart(random: () => number, powerLoss = true): void {
    this.epoch += 1;
    this.isDown = false;
    this.fault = null;
    this.hook = null;
    if (!powerLoss) return;
    const kept = Math.floor(random() * (this.changes.length + 1));
    for (const { undo } of this.changes.splice(kept).reverse()) undo();
    this.changes = [];
    for (const inode of this.dirty) inode.bytes = survivor(inode, random);
    for (const inode of this.dirty) this.flushBytes(inode);
  }

  make(kind: Inode['kind'], mode: number, target = ''): Inode {
    this.counter += 1;
    const now = this.now();
    const empty = Buffer.alloc(0);
    return {
      ...{ number: this.counter, kind, mode, target, links: 0, uid: 0, gid: 0 },
      ...{ modifiedNs: now, bornNs: now, bytes: empty, flushed: empty, isDirty: false },
      entries: new Map(),
    };
  }

  /** A time that goes on with every look at it. */
  now(): bigint {
    this.counter += 1;
    return 1_700_000_000_000_000_000n + BigInt(this.counter) * 1000n;
  }

  /** To be called before each call looks at the disk: what another process does happens between calls, not within one. */
  beforeCall(): void {
    if (this.hook === null || this.operations + 1 < this.hook.at) return;
    const { act } = this.hook;
    this.hook = null;
    act();
  }

  /**
   * To be called before an operation that changes something.
   *
   * @returns true where the operation is to be done by half, and then `crash` is to be called.
   */
  begin(call: string, fail: (code: string) => Error): boolean {
    this.operations += 1;
    if (this.fault?.at !== this.operations) return false;
    const { kind } = this.fault;
    this.fault = null;
    if (kind === 'torn' && call === 'write') return true;
    if (kind === 'crash' || kind === 'torn') this.crash();
    throw fail(this.isDown ? 'EIO' : kind);
  }

  crash(): void {
    this.isDown = true;
  }

  /** Notes how a change of names is taken back, should it not have reached the disk. */
  record(undo: () => void): void {
    this.changes.push({ undo });
  }

  wrote(inode: Inode): void {
    inode.isDirty = true;
    inode.modifiedNs = this.now();
    this.dirty.add(inode);
  }

  flushBytes(inode: Inode): void {
    inode.flushed = Buffer.from(inode.bytes);
    inode.isDirty = false;
    this.dirty.delete(inode);
  }

  flushNames(): void {
    this.changes = [];
  }
}

/** What is left of bytes that were not flushed. Those that were, and were not written again, are not harmed. */
function survivor({ bytes, flushed }: Inode, random: () => number): Buffer {
  const choice = random();
  if (choice < 0.3) return flushed;
  const safe = commonLength(bytes, flushed);
  if (choice < 0.5) return bytes.subarray(0, safe + Math.floor(random() * (bytes.length - safe)));
  if (choice < 0.65) return Buffer.concat([bytes.subarray(0, safe), Buffer.alloc(bytes.length - safe)]);
  return bytes;
}

function commonLength(one: Buffer, other: Buffer): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index += 1) if (one[index] !== other[index]) return index;
  return length;
}
