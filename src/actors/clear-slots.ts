import * as path from 'node:path';
import { forEachPathInOrder } from '../workspace/for-each-path.js';
import type { ImprovementParts } from './improvement-parts.js';

/** Removes what stood ready or was moved out and is no longer needed, beside targets on other devices as well. */
export async function clearSlots(parts: ImprovementParts): Promise<void> {
  const { fileSystem: fs, folder } = parts;
  await clearBesideTargets(parts);
  for (const drawer of [folder.stagedFolder, folder.directoriesFolder, folder.takenFolder]) {
    for (const name of await fs.readdir(drawer))
      await fs.rm(path.join(drawer, name), { recursive: true, force: true });
  }
}

/**
 * Leaves nothing of ours in the project itself.
 *
 * @param displaced absolute paths of what belongs to somebody else.
 */
export async function clearBesideTargets(
  { fileSystem: fs, root, journal, slots }: ImprovementParts,
  displaced: readonly string[] = [],
): Promise<void> {
  const anchors = new Set(
    [...journal.of('intent'), ...journal.of('directory-intent'), ...journal.of('undeclared-intent')].map(
      ({ anchor }) => anchor,
    ),
  );
  await forEachPathInOrder({ fs, root }, [...anchors], async (tree, anchor) => {
    const directory = await tree.directory(anchor);
    if (!directory || !slots.areBeside(directory)) return;
    const ours = (await fs.readdir(directory.at('.'))).filter((name) => name.startsWith(slots.besidePrefix));
    for (const name of ours) {
      // Displaced files have been copied to the task's folder by now, but not whole directories.
      if (displaced.includes(path.join(root, anchor, name))) continue;
      await fs.rm(directory.at(name), { recursive: true, force: true });
    }
  });
}
