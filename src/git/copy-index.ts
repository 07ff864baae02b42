import * as path from 'node:path';
import type { FileSystem } from '../ports/file-system.js';
import type { Repository } from './find-repository.js';
import { hasCode } from '../errors/has-code.js';

export interface IndexCopy {
  fileSystem: FileSystem;
  repository: Repository;
  /** Where the copy goes. */
  indexFile: string;
  /** Where git, working with the copy, looks for the other half of a split index. */
  store: string;
}

export interface CopiedIndex {
  /** Null where the repository has no index yet. */
  bytes: Buffer | null;
  /** What to take away when the copy is not needed any more. */
  files: string[];
}

/** Copies the user's index, both halves of it where it is split. */
export async function copyIndex({
  fileSystem,
  repository,
  indexFile,
  store,
}: IndexCopy): Promise<CopiedIndex> {
  const { gitDir } = repository;
  const bytes = await copyFile(fileSystem, path.join(gitDir, 'index'), indexFile);
  const names = (await fileSystem.readdir(gitDir)).filter((name) => name.startsWith('sharedindex.'));
  for (const name of names) await copyFile(fileSystem, path.join(gitDir, name), path.join(store, name));
  const files = [indexFile, `${indexFile}.lock`, ...names.map((name) => path.join(store, name))];
  return { bytes, files };
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
