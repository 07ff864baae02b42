import { MoultError } from '../errors/moult-error.js';
import { syncDirectory } from '../store/durable-file.js';
import type { JournalBody } from '../store/journal.js';
import { forEachPath } from '../workspace/for-each-path.js';
import { pathImage } from '../workspace/path-image.js';
import { lstatOrNull, readImage, sameImage, type Observation } from '../workspace/read-image.js';
import { takeBeforeImage } from '../workspace/take-before-image.js';
import type { ImprovementParts } from './improvement-parts.js';

/**
 * Makes sure that the files are as the plan saw them, and that every before-image holds what it should; one that does
 * not is taken anew.
 *
 * @throws PLAN_STALE with all the paths that changed since.
 */
export async function backUp({
  fileSystem,
  root,
  plan,
  folder,
  journal,
  lock,
}: ImprovementParts): Promise<void> {
  const stale: string[] = [];
  const retaken: JournalBody[] = [];
  await forEachPath({ fs: fileSystem, root }, plan.paths, async (tree, planned, index) => {
    const now = await pathImage(tree, planned.path);
    if (!sameImage(now.image, planned.before)) {
      stale.push(planned.path);
      return;
    }
    const saved = await readSaved(folder.before(index), now);
    if (sameImage(saved, planned.before)) return;
    retaken.push({
      type: 'before-image',
      index,
      ...(await takeBeforeImage(tree, planned, folder.before(index))),
    });
  });
  if (stale.length > 0) throw new MoultError('PLAN_STALE', { paths: stale.sort() });
  if (retaken.length === 0) return;
  await syncDirectory(fileSystem, folder.beforeFolder);
  await journal.append(retaken, lock());

  async function readSaved(file: string, now: Observation) {
    const stats = now.stats && (await lstatOrNull(fileSystem, file));
    // The same file under two names needs to be read only once.
    const isLink = stats && now.stats && stats.ino === now.stats.ino && stats.dev === now.stats.dev;
    return isLink ? now.image : (await readImage(fileSystem, file, file)).image;
  }
}
