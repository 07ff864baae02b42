import * as path from 'node:path';
import type { Displaced } from '../../machines/improvement-types.js';
import { copyDurably } from '../workspace/copy-file.js';
import { lstatOrNull, readImage } from '../workspace/read-image.js';
import type { ImprovementParts } from './improvement-parts.js';

/**
 * Brings displaced bytes from beside their target, on another device, into the task's folder, and names each by the
 * path under which a person finds it. A directory stays where it is.
 */
export async function keepDisplaced(
  { fileSystem: fs, root, folder, slots }: ImprovementParts,
  target: string,
  anchor: string,
  displaced: Displaced[],
): Promise<Displaced[]> {
  const kept: Displaced[] = [];
  for (const { savedAt } of displaced) {
    const name = path.basename(savedAt);
    if (!name.startsWith(slots.besidePrefix)) {
      kept.push({ path: target, savedAt });
      continue;
    }
    const visible = path.join(root, anchor, name);
    const home = path.join(folder.takenFolder, name.slice(slots.besidePrefix.length));
    if ((await lstatOrNull(fs, visible))?.isDirectory()) {
      kept.push({ path: target, savedAt: visible });
      continue;
    }
    const { image, stats } = await readImage(fs, visible, target);
    if ((await lstatOrNull(fs, home)) === null)
      await copyDurably(fs, { from: visible, to: home, image, like: stats });
    kept.push({ path: target, savedAt: home });
  }
  return kept;
}
