import { MoultError } from '../errors/moult-error.js';
import type { FileImage } from '../plan/plan.js';
import { forEachPath } from '../workspace/for-each-path.js';
import { pathImage } from '../workspace/path-image.js';
import { readImage, sameImage } from '../workspace/read-image.js';
import { beforeImages } from './before-images.js';
import { clearSlots } from './clear-slots.js';
import type { ImprovementParts } from './improvement-parts.js';

/**
 * Verifies that every path still holds its planned bytes and that nobody wrote into the old files, then writes the
 * decision to keep the change. From then on only an explicit rollback takes it back.
 *
 * @throws EDIT_CONFLICT with the paths that somebody, or a check, changed meanwhile.
 */
export async function sealChanges(parts: ImprovementParts): Promise<void> {
  const { journal, lock } = parts;
  if (journal.of('sealed').length === 0) {
    const changed = await findChanged(parts);
    if (changed.length > 0) throw new MoultError('EDIT_CONFLICT', { paths: changed.sort() });
    await journal.append([{ type: 'sealed' }], lock());
  }
  await clearSlots(parts);
}

async function findChanged({ fileSystem: fs, root, folder, journal }: ImprovementParts): Promise<string[]> {
  const changed: string[] = [];
  const images = beforeImages(journal);
  await forEachPath({ fs, root }, journal.of('intent'), async (tree, { index, path, before, after }) => {
    if (after === null) return;
    const { image } = await pathImage(tree, path);
    if (!sameImage(image, after) || (await wasWritten(index, path, before))) changed.push(path);
  });
  return changed;

  /** A program that had the old file open may have saved into it after the swap. */
  async function wasWritten(index: number, path: string, before: FileImage): Promise<boolean> {
    const saved = images.get(index);
    if (saved?.how !== 'link') return false;
    const { mtimeNs } = await fs.lstat(folder.before(index), { bigint: true });
    if (String(mtimeNs) === saved.modifiedNs) return false;
    return !sameImage((await readImage(fs, folder.before(index), path)).image, before);
  }
}
