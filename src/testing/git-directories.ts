import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { isGitDirectory } from './is-git-directory.js';
import { unlessMissing } from './unless-missing.js';

/** The directories behind a `.git`. */
export interface GitDirectories {
  /** What belongs to this working tree: HEAD, index, a merge in progress. */
  own: string;
  /** What linked working trees share: refs, objects, configuration. The same as `own` where nothing is shared. */
  common: string;
  /** The text of `.git` where it is a file. */
  pointer: string | null;
}

/** Reads what `dotGit` leads to; null where it is no git directory, and no pointer to one. */
export async function gitDirectories(dotGit: string): Promise<GitDirectories | null> {
  const pointer = await unlessMissing(readFile(dotGit, 'utf8'));
  const named = pointer === null ? '.git' : /^gitdir: (.*?)\n?$/s.exec(pointer)?.[1];
  if (named === undefined) return null;
  const own = path.resolve(path.dirname(dotGit), named);
  if (!(await isGitDirectory(own))) return null;
  const shared = await unlessMissing(readFile(path.join(own, 'commondir'), 'utf8'));
  return { own, common: shared === null ? own : path.resolve(own, shared.trimEnd()), pointer };
}
