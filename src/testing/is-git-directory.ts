import { lstat } from 'node:fs/promises';
import * as path from 'node:path';
import { unlessMissing } from './unless-missing.js';

/** Whether a directory is one in which git keeps a repository, or a linked working tree's part of one. */
export async function isGitDirectory(directory: string): Promise<boolean> {
  const has = async (name: string) => (await unlessMissing(lstat(path.join(directory, name)))) !== null;
  return (await has('HEAD')) && ((await has('objects')) || (await has('commondir')));
}
