import * as path from 'node:path';
import type { Repository } from '../git/find-repository.js';
import { nameToBytes, pathToName } from '../git/git-name.js';
import { placeInRepository } from '../git/place-in-repository.js';
import { globMatcher } from '../plan/glob-matcher.js';
import { outsidePlan } from '../plan/outside-plan.js';
import type { ImprovementParts } from './improvement-parts.js';

/**
 * Tells which names of the repository are not witnessed: what the plan names or lies below, what the configuration calls
 * artifacts, and what is ours.
 */
export async function leftOutOfWitness(
  { fileSystem, root, plan, folder, slots }: ImprovementParts,
  repository: Repository,
): Promise<(name: string) => boolean> {
  const place = await placeInRepository(fileSystem, repository, root);
  const prefix = place === '' ? '' : `${pathToName(place)}/`;
  const isOutside = outsidePlan(plan);
  const isArtifact = globMatcher(plan.artifacts ?? []);
  const state = path
    .relative(root, path.join(folder.path, '..', '..'))
    .split(path.sep)
    .join('/');
  const isOurs = (file: string) =>
    file.startsWith(`${state}/`) || path.posix.basename(file).startsWith(slots.besidePrefix);
  return (name) => {
    if (!name.startsWith(prefix)) return true;
    const file = nameToBytes(name.slice(prefix.length)).toString('utf8');
    return !isOutside(file.replace(/\/$/, '')) || isArtifact(file) || isOurs(file);
  };
}
