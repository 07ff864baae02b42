import { realpath } from 'node:fs/promises';
import type { GitDirectories } from './git-directories.js';
import { gitFacts } from './git-facts.js';

/** Everything a git repository keeps beside the working tree, by the name of the file that holds it. */
export type GitManifest = Record<string, string>;

/**
 * What the git directory of a working tree holds. What it shares with other working trees is named `common/…`, except
 * for this working tree's own part of it. `moult`'s state directory is left out.
 */
export async function gitManifest({ own, common, pointer }: GitDirectories): Promise<GitManifest> {
  const ownPlace = await realpath(own);
  const commonPlace = await realpath(common);
  const shared = commonPlace === ownPlace ? {} : await gitFacts(commonPlace, ownPlace);
  return {
    ...(pointer === null ? {} : { '.git': pointer.trimEnd() }),
    ...(await gitFacts(ownPlace)),
    ...Object.fromEntries(Object.entries(shared).map(([name, fact]) => [`common/${name}`, fact])),
  };
}
