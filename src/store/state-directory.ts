import * as path from 'node:path';
import { MoultError } from '../errors/moult-error.js';
import { nullIfAbsent } from '../errors/null-if-absent.js';
import type { FileSystem } from '../ports/file-system.js';

/** Where the project's improvements are kept, and what their roots are relative to. */
export interface StateDirectory {
  /** Absolute. */
  path: string;
  /** Absolute: the top of the working tree, or the project root outside git. */
  home: string;
}

interface Location {
  fileSystem: FileSystem;
  /** The real path of the project root. */
  root: string;
  /** The configuration's own choice, relative to the root. */
  stateDir: string | undefined;
  repository: { topLevel: string; gitDir: string } | null;
}

/**
 * Chooses the state directory: the configured one; else `moult` in the git directory of this working tree, where no
 * watcher, test runner, `git status` or `git clean` meets it; else `.moult` in the root. Nothing is created.
 *
 * @throws STATE_LINKED
 */
export async function locateState(location: Location): Promise<StateDirectory> {
  const chosen = await choose(location);
  await refuseLink(location.fileSystem, chosen.path);
  return chosen;
}

async function choose({ fileSystem, root, stateDir, repository }: Location): Promise<StateDirectory> {
  const home = repository?.topLevel ?? root;
  if (stateDir !== undefined) return { path: path.resolve(root, stateDir), home };
  // Swapping in and out is by rename, which stays on one device; a linked worktree's git directory can lie on another.
  if (repository && (await onSameDevice(fileSystem, root, repository.gitDir))) {
    return { path: path.join(repository.gitDir, 'moult'), home };
  }
  return { path: path.join(root, '.moult'), home };
}

/** Creates the state directory where it is missing: private, and ignored by git where git can see it. */
export async function createState(
  fileSystem: FileSystem,
  { path: directory }: StateDirectory,
): Promise<void> {
  await fileSystem.mkdir(directory, { recursive: true, mode: 0o700 });
  try {
    await fileSystem.writeFile(path.join(directory, '.gitignore'), '*\n', { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

async function refuseLink(fileSystem: FileSystem, directory: string): Promise<void> {
  const stats = await fileSystem.lstat(directory).catch(nullIfAbsent);
  if (stats?.isSymbolicLink()) throw new MoultError('STATE_LINKED', { directory });
}

async function onSameDevice(fileSystem: FileSystem, one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([fileSystem.stat(one), fileSystem.stat(other)]);
  return a.dev === b.dev;
}
