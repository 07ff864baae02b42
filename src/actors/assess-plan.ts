import { syncDirectory } from '../store/durable-file.js';
import type { JournalBody } from '../store/journal.js';
import { forEachPath } from '../workspace/for-each-path.js';
import { takeBeforeImage } from '../workspace/take-before-image.js';
import type { ImprovementParts } from './improvement-parts.js';

/** Takes the before-image of every planned path. */
export async function assessPlan({
  fileSystem,
  root,
  plan,
  folder,
  journal,
  lock,
}: ImprovementParts): Promise<void> {
  const records: JournalBody[] = [];
  await forEachPath({ fs: fileSystem, root }, plan.paths, async (tree, planned, index) => {
    const saved = await takeBeforeImage(tree, planned, folder.before(index));
    records.push({ type: 'before-image', index, ...saved });
  });
  await syncDirectory(fileSystem, folder.beforeFolder);
  await journal.append(records, lock());
}
