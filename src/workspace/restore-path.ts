import type { FileImage } from '../plan/plan.js';
import type { Displaced } from '../../machines/improvement-types.js';
import type { DirectoryHandle } from '../ports/file-system.js';
import { MoultError } from '../errors/moult-error.js';
import { pathImage } from './path-image.js';
import { place } from './place.js';
import { readImage, sameImage, type Observation } from './read-image.js';
import type { Slots } from './slots.js';
import type { BeforeImage } from './take-before-image.js';
import { listTaken, takeAway, type Drawer, type Taken } from './taken.js';
import { parentPath, type Tree } from './tree.js';

/** One path whose intent is in the journal. */
export interface Restorable {
  index: number;
  path: string;
  /** See `StagedChange`. */
  anchor: string;
  before: FileImage;
  /** Null for a mere target. */
  after: FileImage | null;
  /** The before-image. */
  saved: string;
  /** How and from when the before-image is: a link shows what somebody wrote into the file since. */
  beforeImage: BeforeImage;
  /** The change was kept once. What is written into the before-image after that is not a newer version of the file. */
  wasSealed: boolean;
  /** Writes the before-image anew from the second witness to the given name; false where it does not have it. */
  recoverSaved: (to: string) => Promise<boolean>;
}

export interface Restored {
  /** False where the improvement never touched the path. */
  changed: boolean;
  /** Somebody wrote into the file before it was swapped: it holds their bytes, not those from when the plan was made. */
  theirs: boolean;
  displaced: Displaced[];
}

/** Somebody who saves the file again and again is given up on. */
const maxTries = 5;

/**
 * Puts one path back as it was, verified by hash. What stands there and is not ours is moved aside, never overwritten.
 * May be called again after a crash at any point of it.
 */
export async function restorePath(tree: Tree, slots: Slots, item: Restorable): Promise<Restored> {
  const parent = await openParent(tree, item);
  if (parent === null) return { changed: false, theirs: false, displaced: [] };
  const drawer = await drawerOf(tree, slots, item, parent);
  const target = parent.at(baseName(item.path));
  let goal: Goal = { image: item.before, source: null };
  for (let tries = 0; ; tries += 1) {
    const now = await lookAt(tree, item.path);
    if (sameImage(now, goal.image)) {
      const theirs = goal.image !== item.before;
      // What was swapped left something in the drawer, also when another process put the path back.
      const taken = await listTaken(drawer);
      return {
        changed: tries > 0 || taken.length > 0,
        theirs,
        displaced: [...displacedOf(taken, item, goal.image), ...(goal.displaced ?? [])],
      };
    }
    if (tries === maxTries)
      throw new MoultError('APPLY_FAILED', { path: item.path, reason: 'somebody keeps writing it' });
    goal = await findGoal(drawer, item);
    if (now.kind !== 'absent') await takeAway(drawer, target);
    if (goal.source !== null) await putGoal(drawer, { ...goal, source: goal.source }, target);
  }
}

/** A directory that somebody has put in the file's place is moved aside like anything else. */
async function lookAt(tree: Tree, path: string): Promise<Taken['image']> {
  try {
    return (await pathImage(tree, path)).image;
  } catch (error) {
    if (error instanceof MoultError && error.code === 'PATH_NOT_A_FILE') return { kind: 'other' };
    throw error;
  }
}

/** What shall stand there, and where its bytes are; nothing to place where nothing stood there. */
interface Goal {
  image: FileImage;
  source: string | null;
  /** A before-image that somebody wrote into. */
  displaced?: Displaced[];
}

/** Leaves a path as it is, because somebody changed it first; only what was moved away from it is accounted for. */
export async function leavePath(tree: Tree, slots: Slots, item: Restorable): Promise<Restored> {
  const { parent } = await tree.parentOf(item.path);
  const drawer = parent && (await drawerOf(tree, slots, item, parent));
  const taken = drawer ? await listTaken(drawer) : [];
  return { changed: false, theirs: true, displaced: displacedOf(taken, item, item.before) };
}

async function drawerOf(
  tree: Tree,
  slots: Slots,
  { index, path, anchor }: Restorable,
  parent: DirectoryHandle,
): Promise<Drawer> {
  return { fs: tree.fs, slots, home: (await tree.directory(anchor)) ?? parent, index, name: path };
}

/** Null where neither the path nor its directory existed before, and there is nothing now. */
async function openParent(tree: Tree, item: Restorable): Promise<DirectoryHandle | null> {
  const { parent } = await tree.parentOf(item.path);
  if (parent || item.before.kind === 'absent') return parent;
  // The file had a directory, and somebody removed it.
  const missing: string[] = [];
  for (
    let directory = parentPath(item.path);
    (await tree.directory(directory)) === null;
    directory = parentPath(directory)
  ) {
    missing.unshift(directory);
  }
  for (const directory of missing) {
    const above = await tree.directory(parentPath(directory));
    await tree.fs.mkdir((above as DirectoryHandle).at(baseName(directory)));
  }
  return tree.directory(parentPath(item.path));
}

async function putGoal(
  { fs, slots, home, index }: Drawer,
  goal: Goal & { source: string },
  target: string,
): Promise<void> {
  const draft = slots.at('staged', `${index}.restore`, home);
  // Where somebody was faster, the next turn moves their version aside.
  await place(fs, { source: goal.source, target, image: goal.image, draft });
}

/** The old file itself, if it was moved out; else its before-image; else what the checkpoint has of it. */
async function findGoal(drawer: Drawer, item: Restorable): Promise<Goal> {
  if (item.before.kind === 'absent') return { image: item.before, source: null };
  const taken = (await listTaken(drawer)).find(({ image }) => sameImage(image, item.before));
  if (taken) return { image: item.before, source: taken.path };
  const saved = await readImage(drawer.fs, item.saved, item.path).catch(absentUnlessFile);
  if (await holdsBefore(drawer, item, item.saved, saved)) return { image: item.before, source: item.saved };
  const theirs = wasWrittenSince(item, saved) ? { image: saved.image, source: item.saved } : null;
  const goal = item.wasSealed
    ? ((await recoverGoal(drawer, item, saved)) ?? theirs)
    : (theirs ?? (await recoverGoal(drawer, item, saved)));
  if (goal) return goal;
  const reason = 'the before-image is not what the journal says';
  throw new MoultError('STATE_UNREADABLE', { file: item.saved, reason, saved: null });
}

/** What the checkpoint has of the file; what stood in its place is somebody's, for all one can know. */
async function recoverGoal(drawer: Drawer, item: Restorable, saved: Observation): Promise<Goal | null> {
  const source = `${item.saved}.recovered`;
  await drawer.fs.rm(source, { force: true });
  if (!(await item.recoverSaved(source))) return null;
  const found = await readImage(drawer.fs, source, item.path);
  if (!(await holdsBefore(drawer, item, source, found))) return null;
  const displaced =
    saved.image.kind === 'file' && saved.image.sizeBytes > 0
      ? [{ path: item.path, savedAt: item.saved }]
      : [];
  return { image: item.before, source, displaced };
}

/** A directory or a FIFO in the place of a before-image is as good as none: there is the checkpoint. */
function absentUnlessFile(error: unknown): Observation {
  if (!(error instanceof MoultError) || error.code !== 'PATH_NOT_A_FILE') throw error;
  return { image: { kind: 'absent' }, stats: null };
}

async function holdsBefore(
  { fs }: Drawer,
  { before }: Restorable,
  file: string,
  { image }: Observation,
): Promise<boolean> {
  if (before.kind !== 'file' || image.kind !== 'file') return sameImage(image, before);
  if (image.sha256 !== before.sha256) return false;
  // Rights are easily put right; the bytes are what counts.
  if (image.mode !== before.mode) await fs.chmod(file, before.mode);
  return true;
}

/** A before-image that is a link has other bytes because somebody wrote into the file; any other is damaged. */
function wasWrittenSince({ before, beforeImage }: Restorable, { image, stats }: Observation): boolean {
  if (beforeImage.how !== 'link' || before.kind !== 'file' || image.kind !== 'file') return false;
  return String(stats?.ino) === beforeImage.inode && String(stats?.mtimeNs) !== beforeImage.modifiedNs;
}

function displacedOf(taken: Taken[], { path, before, after }: Restorable, goal: FileImage): Displaced[] {
  const known = [before, goal, ...(after ? [after] : [])];
  return taken
    .filter(({ image }) => !known.some((own) => sameImage(image, own)))
    .map((item) => ({ path, savedAt: item.path }));
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
