import { scriptsHash } from '../checks/scripts-hash.js';
import { MoultError } from '../errors/moult-error.js';
import { syncDirectory } from '../store/durable-file.js';
import type { JournalBody } from '../store/journal.js';
import { forEachPath } from '../workspace/for-each-path.js';
import { pathImage } from '../workspace/path-image.js';
import { lstatOrNull, readImage, sameImage, type Observation } from '../workspace/read-image.js';
import { takeBeforeImage } from '../workspace/take-before-image.js';
import type { ImprovementParts } from './improvement-parts.js';

/**
 * Makes sure that the files and the rules are as the plan saw them, and that every before-image holds what it should; one that does
 * not is taken anew.
 *
 * @throws PLAN_STALE with all the paths that changed since.
 */
export async function backUp(parts: ImprovementParts): Promise<void> {
  const { fileSystem, root, plan, folder, journal, lock } = parts;
  const stale = await changedRules(parts);
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

/** A yes was said to a plan under the rules of then: who can change them must not be able to change what it means. */
async function changedRules({ fileSystem, root, plan, rules }: ImprovementParts): Promise<string[]> {
  const changed: string[] = [];
  if ((await rules()).configHash !== plan.configHash) changed.push('the configuration of moult');
  if (plan.scriptsHash !== undefined) {
    const now = await scriptsHash(fileSystem, root, plan.checks);
    if (now !== plan.scriptsHash) changed.push('the scripts of package.json that the checks run');
  }
  return changed;
}
