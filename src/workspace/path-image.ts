import { readImage, type Observation } from './read-image.js';
import type { Tree } from './tree.js';

/**
 * What stands at a project path.
 *
 * @throws PATH_THROUGH_LINK, PATH_INVALID, PATH_NOT_A_FILE, FILE_UNREADABLE.
 */
export async function pathImage(tree: Tree, file: string): Promise<Observation> {
  const { parent, name } = await tree.parentOf(file);
  return parent ? readImage(tree.fs, parent.at(name), file) : { image: { kind: 'absent' }, stats: null };
}
