import type { FileImage } from '../plan/plan.js';
import { MoultError } from '../errors/moult-error.js';
import { place } from './place.js';
import { pathImage } from './path-image.js';
import { sameImage } from './read-image.js';
import type { Slots } from './slots.js';
import { listTaken, putBack, takeAway, type Drawer } from './taken.js';
import type { Tree } from './tree.js';

/** One change that is staged and journaled. */
export interface StagedChange {
  index: number;
  path: string;
  /** The directory that existed when it was staged: its slots are there. */
  anchor: string;
  before: FileImage;
  after: FileImage;
}

/**
 * Makes one change visible: the old file is moved out, checked, and the staged one gets its name. May be called again
 * after a crash at any point of it.
 *
 * @throws EDIT_CONFLICT where somebody changed the file meanwhile; their version is in place then.
 */
export async function swapIn(tree: Tree, slots: Slots, change: StagedChange): Promise<void> {
  const { parent, name } = await tree.parentOf(change.path);
  if (!parent) throw conflict(change);
  const home = (await tree.directory(change.anchor)) ?? parent;
  const drawer: Drawer = { fs: tree.fs, slots, home, index: change.index, name: change.path };
  const { image: now } = await pathImage(tree, change.path);
  if (sameImage(now, change.after)) return;
  if (!(await isTakenAlready(drawer, change, now))) {
    if (!sameImage(now, change.before)) throw conflict(change);
    if (now.kind !== 'absent') await takeOut(drawer, change, parent.at(name));
  }
  if (change.after.kind !== 'absent') await putIn(drawer, change, parent.at(name));
}

/** A process died, or was interrupted, between moving the old file out and the new one in. */
async function isTakenAlready(drawer: Drawer, { before }: StagedChange, now: FileImage): Promise<boolean> {
  if (now.kind !== 'absent' || before.kind === 'absent') return false;
  return (await listTaken(drawer)).some(({ image }) => sameImage(image, before));
}

async function takeOut(drawer: Drawer, change: StagedChange, target: string): Promise<void> {
  const taken = await takeAway(drawer, target);
  if (taken && sameImage(taken.image, change.before)) return;
  if (taken) await putBack(drawer, taken.path, target);
  throw conflict(change);
}

async function putIn(
  { fs, slots, home, index }: Drawer,
  change: StagedChange,
  target: string,
): Promise<void> {
  const source = slots.at('staged', String(index), home);
  const draft = slots.at('staged', `${index}.draft`, home);
  if (!(await place(fs, { source, target, image: change.after, draft }))) throw conflict(change);
}

function conflict({ path }: StagedChange): MoultError {
  return new MoultError('EDIT_CONFLICT', { paths: [path] });
}
