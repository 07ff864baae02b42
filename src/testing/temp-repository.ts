import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { beginConflictingMerge } from './begin-conflicting-merge.js';
import { leaveOpenWork } from './leave-open-work.js';
import { makeLayout, type ProjectPlaces, type RepositoryLayout } from './make-layout.js';
import { projectFolder, type ProjectFolder } from './project-folder.js';
import { removeTree } from './remove-tree.js';
import { stashSomeWork } from './stash-some-work.js';
import { writeCommittedFiles } from './write-committed-files.js';

/** Which kind of project to make. By default a repository with commits, and no merge in progress. */
export type TempRepositoryOptions =
  /** A plain folder. */
  | { git: false }
  /** A repository without a commit. */
  | { git?: true; unborn: true; layout?: 'repository' | 'subfolder' }
  | { git?: true; unborn?: false; merge?: boolean; layout?: RepositoryLayout };

export interface TempRepository extends ProjectFolder {
  /** The top of the working tree; another than `root` only in the layout `subfolder`. */
  top: string;
  /** Removes the project and everything that was made for it. */
  remove(): Promise<void>;
}

/**
 * Makes a real project in the directory for temporary files: text with LF and CRLF, a byte order mark, binary, empty,
 * executable and read-only files, a symbolic link, names with a space, a line end and other letters than ASCII's; with
 * somebody's work open in it: staged, unstaged, partly staged, deleted, untracked, ignored, stashed.
 *
 * @throws `GIT_FAILED` where the installed git, 2.28 or later, cannot make it.
 */
export async function tempRepository(options: TempRepositoryOptions = {}): Promise<TempRepository> {
  const base = await mkdtemp(path.join(await realpath(tmpdir()), 'moult-'));
  const remove = () => removeTree(base);
  try {
    const places = await makePlaces(base, options);
    const folder = projectFolder(places.root);
    await fill(folder, options);
    return { ...folder, top: places.top, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function makePlaces(base: string, options: TempRepositoryOptions): Promise<ProjectPlaces> {
  if (options.git !== false) return makeLayout[options.layout ?? 'repository'](base);
  const root = path.join(base, 'project');
  await mkdir(root);
  return { root, top: root };
}

async function fill(folder: ProjectFolder, options: TempRepositoryOptions): Promise<void> {
  await writeCommittedFiles(folder);
  if (options.git !== false && options.unborn !== true) await commitAll(folder, options.merge ?? false);
  await leaveOpenWork(folder, options.git !== false);
}

async function commitAll(folder: ProjectFolder, merge: boolean): Promise<void> {
  await folder.git(['add', '--all', '.']);
  await folder.git(['commit', '--quiet', '--message', 'Everything']);
  await stashSomeWork(folder);
  if (merge) await beginConflictingMerge(folder);
}
