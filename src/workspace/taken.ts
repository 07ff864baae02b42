import { MoultError } from '../errors/moult-error.js';
import type { FileImage } from '../plan/plan.js';
import type { DirectoryHandle, FileSystem } from '../ports/file-system.js';
import { lstatOrNull, readImage, type Observation } from './read-image.js';
import type { Slots } from './slots.js';

/** Something that was moved out of the project to make way; `other` for a directory or a special file. */
export interface Taken {
  path: string;
  image: FileImage | { kind: 'other' };
  stats: Observation['stats'];
}

/** The drawer for what is moved away from one planned path. */
export interface Drawer {
  fs: FileSystem;
  slots: Slots;
  /** The anchor of the path: a directory that the improvement made would not go while slots are in it. */
  home: DirectoryHandle;
  /** Position in the plan. */
  index: number;
  /** The planned path, for errors. */
  name: string;
}

/**
 * Moves what stands at `target` out of the way, whatever it is, and looks at it only then: between a look and a move
 * somebody could save the file. Null where nothing stood there.
 *
 * @throws what looking at it throws; it is back in its place then.
 */
export async function takeAway(drawer: Drawer, target: string): Promise<Taken | null> {
  const slot = await freeSlot(drawer);
  try {
    await drawer.fs.rename(target, slot);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return await readTaken(drawer, slot);
  } catch (error) {
    await putBack(drawer, slot, target);
    throw error;
  }
}

/** Returns something to its place. Where somebody has put something new there meanwhile, both stay where they are. */
export async function putBack({ fs }: Drawer, slot: string, target: string): Promise<void> {
  const stats = await fs.lstat(slot);
  if (stats.isDirectory()) {
    if ((await lstatOrNull(fs, target)) === null) await fs.rename(slot, target);
    return;
  }
  try {
    await fs.link(slot, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    if (await lstatOrNull(fs, target)) return;
    await fs.rename(slot, target);
    return;
  }
  await fs.unlink(slot);
}

/**
 * A new one takes the first free slot, and slots become free again one at a time. So there are no more gaps than this,
 * and nobody has to list a drawer that holds the old files of a large plan.
 */
const maxGaps = 16;

/** Everything that was moved away from one path, oldest first, also by a process that died since. */
export async function listTaken(drawer: Drawer): Promise<Taken[]> {
  const { slots, home, index } = drawer;
  const taken: Taken[] = [];
  for (let turn = 0, gaps = 0; turn < maxSlots && gaps < maxGaps; turn += 1) {
    const found = await readTaken(drawer, slots.at('taken', `${index}.${turn}`, home));
    if (found.stats !== null) taken.push(found);
    gaps = found.stats === null ? gaps + 1 : 0;
  }
  return taken;
}

async function readTaken({ fs, name }: Drawer, file: string): Promise<Taken> {
  try {
    return { path: file, ...(await readImage(fs, file, name)) };
  } catch (error) {
    if (!(error instanceof MoultError) || error.code !== 'PATH_NOT_A_FILE') throw error;
    return { path: file, image: { kind: 'other' }, stats: await lstatOrNull(fs, file) };
  }
}

const maxSlots = 1000;
async function freeSlot({ fs, slots, home, index, name }: Drawer): Promise<string> {
  for (let turn = 0; turn < maxSlots; turn += 1) {
    const slot = slots.at('taken', `${index}.${turn}`, home);
    if ((await lstatOrNull(fs, slot)) === null) return slot;
  }
  throw new MoultError('APPLY_FAILED', {
    path: name,
    reason: `somebody keeps writing it: ${maxSlots} versions were moved aside`,
  });
}
