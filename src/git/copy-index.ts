import * as path from 'node:path';
import type { FileSystem } from '../ports/file-system.js';
import type { Repository } from './find-repository.js';
import type { Git } from './run-git.js';
import { hasCode } from './has-code.js';
import { parseIndex, type GitIndex } from './parse-index.js';

export interface IndexCopy {
  fileSystem: FileSystem;
  repository: Repository;
  /** Where the copy goes; what `git` uses as its index. */
  indexFile: string;
  /** Where git, working with the copy, looks for the other half of a split index. */
  store: string;
  git: Git;
}

/** Copies the user's index and says what is in it; a repository without one has an empty index. */
export async function copyIndex(request: IndexCopy): Promise<GitIndex> {
  const { fileSystem, repository, indexFile } = request;
  const bytes = await copyFile(fileSystem, path.join(repository.gitDir, 'index'), indexFile);
  if (bytes === null) return { entries: [], sharedIndex: null, isWritten: false };
  const index = parseIndex(bytes, repository.objectFormat);
  return index.sharedIndex === null ? index : joinSplitIndex(request, index.sharedIndex);
}

/** Lets git write both halves as one index. */
async function joinSplitIndex(
  { fileSystem, repository, indexFile, store, git }: IndexCopy,
  sharedIndex: string,
): Promise<GitIndex> {
  const name = `sharedindex.${sharedIndex}`;
  await copyFile(fileSystem, path.join(repository.gitDir, name), path.join(store, name));
  await git(['update-index', '--no-split-index', '--force-write-index']);
  await fileSystem.rm(path.join(store, name));
  return parseIndex(await fileSystem.readFile(indexFile), repository.objectFormat);
}

/**
 * The bytes that were copied; null where there is no such file. The copy is as old as the original: git distrusts its
 * own notes on files that changed in the same moment as the index was written, and a younger copy would hide that
 * moment.
 */
async function copyFile(fileSystem: FileSystem, from: string, to: string): Promise<Buffer | null> {
  const source = await openIfPresent(fileSystem, from);
  if (source === null) return null;
  try {
    const seconds = Math.floor((await source.stat()).mtimeMs / 1000);
    const bytes = await source.readFile();
    await fileSystem.writeFile(to, bytes, { mode: 0o600 });
    await fileSystem.lutimes(to, seconds, seconds);
    return bytes;
  } finally {
    await source.close();
  }
}

async function openIfPresent(fileSystem: FileSystem, file: string) {
  try {
    return await fileSystem.open(file, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}
