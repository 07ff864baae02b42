import type { FileSystem } from '../ports/file-system.js';
import type { ObjectFormat } from './git-object.js';
import { parseIndex, type GitIndex, type IndexEntry } from './parse-index.js';
import type { Git } from './create-git.js';
import { gitArguments } from './git-arguments.js';

export interface IndexReading {
  fileSystem: Pick<FileSystem, 'readFile'>;
  /** Works with `indexFile`. */
  git: Git;
  indexFile: string;
  /** What the file holds; null where there is none. */
  bytes: Buffer | null;
  format: ObjectFormat;
}

/** What is in the copied index. One that is split or sparse is written as a whole one first, by git. */
export async function readIndex({
  fileSystem,
  git,
  indexFile,
  bytes,
  format,
}: IndexReading): Promise<GitIndex> {
  if (bytes === null) return { entries: [], isSplit: false, trees: new Map() };
  const index = parseIndex(bytes, format);
  if (!index.isSplit && !index.entries.some(isFolder)) return index;
  await git(gitArguments('update-index', ['--no-split-index', '--force-write-index']));
  return parseIndex(await fileSystem.readFile(indexFile), format);
}

/** In a sparse index, one entry can stand for a folder. */
const isFolder = ({ mode }: IndexEntry) => mode === 0o040000;
