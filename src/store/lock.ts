import { randomUUID } from 'node:crypto';
import * as path from 'node:path';
import { z } from 'zod';
import { hasCode } from '../errors/has-code.js';
import { MoultError } from '../errors/moult-error.js';
import type { FileSystem } from '../ports/file-system.js';
import type { Fence } from './fence.js';
import { isSpare, keepSpares, writeOrReuse } from './lock-spares.js';
import { livenessOf, ownIdentity, type ProcessIdentity } from '../process/process-identity.js';

const holderSchema = z.object({
  pid: z.number().int().positive(),
  startTime: z.string().nullable(),
  bootId: z.string().nullable(),
  host: z.string(),
  /** ISO 8601. */
  since: z.string(),
});
type Holder = z.infer<typeof holderSchema>;

const released = 'released\n';
/** Each lost race means that somebody else got on; so many in a row do not happen. */
const maxTries = 1000;

export interface LockOptions {
  fileSystem: FileSystem;
  /** A directory of the lock's own, which exists. */
  directory: string;
  /** Takes over from a holder on another machine or container. Only a person can know that it is gone. */
  takeOverForeign?: boolean;
}

/**
 * The project's lock: the numbered files of a directory, of which the highest speaks.
 *
 * Generation n+1 is claimed by link(2) of a complete file: exactly one claimant gets the name, and nobody sees half a
 * file. The highest is never unlinked, so its number is a fencing token: a holder that was frozen and superseded finds
 * a higher one before its next write. A released generation stays, and says so.
 */
export class Lock implements Fence {
  private constructor(
    private readonly fs: FileSystem,
    private readonly directory: string,
    /** The fencing token. */
    readonly token: number,
    /** Written when the lock was taken: releasing it needs no space. */
    private readonly release_: string,
  ) {}

  /**
   * @throws LOCK_HELD while a living process holds it, LOCK_FOREIGN where that cannot be known.
   */
  static async acquire({ fileSystem: fs, directory, takeOverForeign = false }: LockOptions): Promise<Lock> {
    for (let tries = 0; tries < maxTries; tries += 1) {
      const highest = await highestGeneration(fs, directory);
      if (highest > 0) refuseLivingHolder(await readHolder(fs, directory, highest), takeOverForeign);
      const lock = await Lock.claim(fs, directory, highest + 1);
      if (lock) return lock;
    }
    throw new Error(`The lock in ${directory} was lost to others ${maxTries} times in a row`);
  }

  /** Whether a living process holds it, or one of which that cannot be known. */
  static async isHeld({
    fileSystem: fs,
    directory,
  }: Pick<LockOptions, 'fileSystem' | 'directory'>): Promise<boolean> {
    const highest = await highestGeneration(fs, directory);
    const holder = highest > 0 ? await readHolder(fs, directory, highest) : null;
    return holder !== null && livenessOf(holder) !== 'dead';
  }

  private static async claim(fs: FileSystem, directory: string, token: number): Promise<Lock | null> {
    const draft = path.join(directory, `claim.${randomUUID()}`);
    const release = path.join(directory, `release.${randomUUID()}`);
    const holder: Holder = { ...ownIdentity(), since: new Date().toISOString() };
    await writeOrReuse(fs, directory, path.basename(draft), JSON.stringify(holder));
    await writeOrReuse(fs, directory, path.basename(release), released);
    const claimed = await linkUnlessTaken(fs, draft, path.join(directory, String(token)));
    await fs.rm(draft, { force: true });
    if (claimed && (await highestGeneration(fs, directory)) === token) {
      await removeOthers(fs, directory, token, release);
      await keepSpares(fs, directory);
      return new Lock(fs, directory, token, release);
    }
    // Somebody was faster. A generation below the highest means nothing and may go.
    if (claimed) await fs.rm(path.join(directory, String(token)), { force: true });
    await fs.rm(release, { force: true });
    return null;
  }

  /** @throws LOCK_LOST once somebody else has taken over; STATE_LOST where the state directory is gone. */
  async assertHeld(): Promise<void> {
    const highest = await highestGeneration(this.fs, this.directory).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error;
      throw new MoultError('STATE_LOST', { directory: path.dirname(this.directory) }, { cause: error });
    });
    if (highest !== this.token) throw new MoultError('LOCK_LOST', { token: this.token, highest });
  }

  /**
   * Lets the next one in: the generation says now that nobody holds it. A rename, which works on a full disk. Where the
   * lock was lost meanwhile, its number means nothing any more.
   */
  async release(): Promise<void> {
    try {
      await this.fs.rename(this.release_, path.join(this.directory, String(this.token)));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return this.releaseInPlace();
      // Somebody whose process lives on would be kept out for as long.
      await this.releaseInPlace().catch(() => {
        throw error;
      });
    }
  }

  /**
   * Our file was cleared away: by the new holder, with the whole project, or by somebody who tidied up. In the last case
   * the lock would stay held for as long as this process lives. Half of the word releases as well.
   */
  private async releaseInPlace(): Promise<void> {
    const names = await this.fs.readdir(this.directory).catch((error: unknown): string[] => {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    });
    const own = String(this.token);
    if (names.includes(own)) await this.fs.writeFile(path.join(this.directory, own), released);
  }
}

function refuseLivingHolder(holder: Holder | null, takeOverForeign: boolean): void {
  if (!holder) return;
  const liveness = livenessOf(holder satisfies ProcessIdentity);
  if (liveness === 'alive') throw new MoultError('LOCK_HELD', { pid: holder.pid, since: holder.since });
  if (liveness === 'foreign' && !takeOverForeign) {
    throw new MoultError('LOCK_FOREIGN', { host: holder.host, pid: holder.pid, since: holder.since });
  }
}

/** Null where nobody holds it. A file without a whole holder was cut off by a power loss: its process is gone. */
async function readHolder(fs: FileSystem, directory: string, generation: number): Promise<Holder | null> {
  try {
    const text = await fs.readFile(path.join(directory, String(generation)), 'utf8');
    return text === released ? null : holderSchema.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError || hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** ENOENT: the new holder cleared our draft away, so somebody was faster as well. */
async function linkUnlessTaken(fs: FileSystem, from: string, to: string): Promise<boolean> {
  try {
    await fs.link(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST', 'ENOENT')) return false;
    throw error;
  }
}

async function highestGeneration(fs: FileSystem, directory: string): Promise<number> {
  const names = await fs.readdir(directory);
  return names
    .filter((name) => /^\d+$/.test(name))
    .reduce((highest, name) => Math.max(highest, Number(name)), 0);
}

async function removeOthers(
  fs: FileSystem,
  directory: string,
  token: number,
  release: string,
): Promise<void> {
  const names = await fs.readdir(directory);
  const stale = names.filter(
    (name) => name !== path.basename(release) && !isSpare(name) && !(Number(name) >= token),
  );
  await Promise.all(stale.map((name) => fs.rm(path.join(directory, name), { force: true })));
}
