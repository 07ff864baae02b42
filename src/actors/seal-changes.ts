import type { UndeclaredReport } from '../../machines/improvement-types.js';
import { MoultError } from '../errors/moult-error.js';
import type { JournalBody } from '../store/journal.js';
import { forEachPath } from '../workspace/for-each-path.js';
import { pathImage } from '../workspace/path-image.js';
import { readImage, sameImage } from '../workspace/read-image.js';
import type { BeforeImage } from '../workspace/take-before-image.js';
import { listTaken } from '../workspace/taken.js';
import type { Tree } from '../workspace/tree.js';
import { beforeImages } from './before-images.js';
import { clearSlots } from './clear-slots.js';
import { findUndeclared, type Undeclared } from './find-undeclared.js';
import type { ImprovementParts } from './improvement-parts.js';
import { reportUndeclared } from './report-undeclared.js';

type Intent = Extract<JournalBody, { type: 'intent' }>;

/**
 * Verifies that every path still holds its planned bytes and that nobody wrote into the old files, then writes the
 * decision to keep the change. From then on only an explicit rollback takes it back.
 *
 * @returns what changed outside the plan while the checks ran; null where nobody could know.
 * @throws EDIT_CONFLICT with the paths that somebody, or a check, changed meanwhile; UNDECLARED_CHANGES or
 * WITNESS_MISSING where the host refuses changes outside the plan.
 */
export async function sealChanges(parts: ImprovementParts): Promise<UndeclaredReport | null> {
  const { journal, lock } = parts;
  const undeclared = await findUndeclared(parts);
  if (journal.of('sealed').length === 0) {
    const changed = await findChanged(parts);
    if (changed.length > 0) throw new MoultError('EDIT_CONFLICT', { paths: changed.sort() });
    if (parts.plan.undeclared === 'refuse') refuseUndeclared(undeclared);
    await journal.append([{ type: 'sealed' }], lock());
  }
  await clearSlots(parts);
  return journal.of('witness').length === 0 ? null : reportUndeclared(undeclared, null);
}

function refuseUndeclared({ changes, unknown }: Undeclared): void {
  if (unknown !== null) throw new MoultError('WITNESS_MISSING', { reason: unknown });
  if (changes.length === 0) return;
  throw new MoultError('UNDECLARED_CHANGES', { paths: changes.map(({ path }) => path) });
}

async function findChanged(parts: ImprovementParts): Promise<string[]> {
  const { fileSystem: fs, root, journal } = parts;
  const changed: string[] = [];
  const images = beforeImages(journal);
  await forEachPath({ fs, root }, journal.of('intent'), async (tree, intent) => {
    const { index, path, after } = intent;
    if (after === null) return;
    const { image } = await pathImage(tree, path);
    if (!sameImage(image, after) || (await wasWritten(parts, tree, intent, images.get(index))))
      changed.push(path);
  });
  return changed;
}

/** A program that had the old file open may have saved into it after the swap. */
async function wasWritten(
  parts: ImprovementParts,
  tree: Tree,
  intent: Intent,
  saved: BeforeImage | undefined,
): Promise<boolean> {
  const { fileSystem: fs, folder } = parts;
  const { index, path, before } = intent;
  if (saved?.how === 'copy') return wasWrittenAside(parts, tree, intent);
  if (saved?.how !== 'link') return false;
  const { mtimeNs } = await fs.lstat(folder.before(index), { bigint: true });
  if (String(mtimeNs) === saved.modifiedNs) return false;
  return !sameImage((await readImage(fs, folder.before(index), path)).image, before);
}

/** The before-image would not show it. What has another name as well is not lost. */
async function wasWrittenAside(
  { fileSystem: fs, slots }: ImprovementParts,
  tree: Tree,
  { index, path, anchor, before }: Intent,
): Promise<boolean> {
  const home = await tree.directory(anchor);
  const taken = home ? await listTaken({ fs, slots, home, index, name: path }) : [];
  return taken.some(({ image, stats }) => stats?.nlink === 1n && !sameImage(image, before));
}
