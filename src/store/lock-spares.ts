import { randomUUID } from 'node:crypto';
import * as path from 'node:path';
import type { FileSystem } from '../ports/file-system.js';

/** Whoever takes the lock writes two files: its claim and its release. */
const wanted = 2;
const prefix = 'spare.';
const noSpace = ['ENOSPC', 'EDQUOT'];
/** Longer than a claim, so that writing one into a spare needs no new block. */
const spareBytes = 512;

/**
 * Creates a small file; on a full disk out of a spare that an earlier holder left. Without that, a full disk would keep
 * recovery from taking the lock of the process that died.
 */
export async function writeOrReuse(
  fs: FileSystem,
  directory: string,
  name: string,
  text: string,
): Promise<void> {
  const file = path.join(directory, name);
  try {
    await fs.writeFile(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!isNoSpace(error)) throw error;
    await fs.rm(file, { force: true });
    if (!(await takeSpare(fs, directory, file))) throw error;
    await overwrite(fs, file, text);
  }
}

/** Leaves spares for the next holder. Where there is no room for them any more, it gets on without. */
export async function keepSpares(fs: FileSystem, directory: string): Promise<void> {
  for (let count = (await spares(fs, directory)).length; count < wanted; count += 1) {
    const draft = path.join(directory, `claim.${randomUUID()}`);
    try {
      await fs.writeFile(draft, ' '.repeat(spareBytes), { flag: 'wx', mode: 0o600 });
      // Under its name only when it is whole: nobody else writes into a spare then but its taker.
      await fs.rename(draft, path.join(directory, `${prefix}${randomUUID()}`));
    } catch (error) {
      if (!isNoSpace(error)) throw error;
      await fs.rm(draft, { force: true });
      return;
    }
  }
}

export function isSpare(name: string): boolean {
  return name.startsWith(prefix);
}

/** A rename gives each spare to exactly one taker. */
async function takeSpare(fs: FileSystem, directory: string, file: string): Promise<boolean> {
  for (const name of await spares(fs, directory)) {
    try {
      await fs.rename(path.join(directory, name), file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return false;
}

/** In place: the old bytes' room is all it needs. */
async function overwrite(fs: FileSystem, file: string, text: string): Promise<void> {
  const handle = await fs.open(file, 'r+');
  try {
    await handle.write(Buffer.from(text), 0, null, 0);
    await handle.truncate(Buffer.byteLength(text));
  } finally {
    await handle.close();
  }
}

async function spares(fs: FileSystem, directory: string): Promise<string[]> {
  return (await fs.readdir(directory)).filter(isSpare);
}

function isNoSpace(error: unknown): boolean {
  return noSpace.includes((error as NodeJS.ErrnoException).code ?? '');
}
