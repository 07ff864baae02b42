import * as path from 'node:path';
import { MoultError } from '../errors/moult-error.js';
import type { FileSystem } from '../ports/file-system.js';
import type { Repository } from './find-repository.js';

/** Where the project root lies below the top of the working tree, with forward slashes; empty for the top itself. */
export async function placeInRepository(
  fileSystem: Pick<FileSystem, 'realpath'>,
  { topLevel }: Repository,
  root: string,
): Promise<string> {
  const place = path.relative(topLevel, await fileSystem.realpath(root));
  const parts = place.split(path.sep);
  if (parts[0] !== '..' && !path.isAbsolute(place)) return parts.join('/');
  throw new MoultError('NOT_A_PROJECT', { root, reason: `it does not lie in the working tree ${topLevel}` });
}
