import * as path from 'node:path';
import { MoultError } from '../errors/moult-error.js';
import type { FileSystem } from '../ports/file-system.js';
import type { ObjectFormat } from './git-object.js';
import { hasCode } from '../errors/has-code.js';
import { readIfPresent } from './read-if-present.js';

/** Where a working tree and its repository lie. All paths are absolute and real. */
export interface Repository {
  /** The top of the working tree: the folder that holds `.git`. */
  topLevel: string;
  /** What belongs to this working tree alone: HEAD and the index. */
  gitDir: string;
  /** What linked worktrees share: objects, branches, configuration. The same as `gitDir` where there are none. */
  commonDir: string;
  objectFormat: ObjectFormat;
}

type Files = Pick<FileSystem, 'readFile' | 'realpath' | 'stat'>;

/**
 * The repository whose working tree `root` belongs to, found without starting git; null where there is none.
 *
 * @throws MoultError REPOSITORY_BROKEN where a `.git` file leads nowhere: that is a damaged repository, not none.
 */
export async function findRepository(fileSystem: Files, root: string): Promise<Repository | null> {
  let folder = await fileSystem.realpath(root);
  for (;;) {
    const gitDir = await gitDirOf(fileSystem, folder);
    if (gitDir !== null) return describe(fileSystem, folder, gitDir);
    const parent = path.dirname(folder);
    if (parent === folder) return null;
    folder = parent;
  }
}

async function gitDirOf(fileSystem: Files, folder: string): Promise<string | null> {
  const dotGit = path.join(folder, '.git');
  const kind = await kindOf(fileSystem, dotGit);
  if (kind === 'file') return followFile(fileSystem, dotGit);
  // git, too, looks further up where `.git` is any other folder.
  return kind === 'directory' && (await isGitDir(fileSystem, dotGit)) ? dotGit : null;
}

/** A linked worktree or a submodule: the file says where the repository is. */
async function followFile(fileSystem: Files, file: string): Promise<string> {
  const text = await fileSystem.readFile(file, 'utf8');
  const target = /^gitdir: (.+?)[\r\n]*$/s.exec(text)?.[1];
  if (target === undefined) throw new MoultError('REPOSITORY_BROKEN', { file, reason: 'it names no folder' });
  const gitDir = path.resolve(path.dirname(file), target);
  if (await isGitDir(fileSystem, gitDir)) return gitDir;
  throw new MoultError('REPOSITORY_BROKEN', { file, reason: `there is no repository in ${gitDir}` });
}

async function isGitDir(fileSystem: Files, folder: string): Promise<boolean> {
  const [head, objects, commonDir] = await Promise.all(
    ['HEAD', 'objects', 'commondir'].map((name) => kindOf(fileSystem, path.join(folder, name))),
  );
  return head === 'file' && (objects === 'directory' || commonDir === 'file');
}

async function kindOf(fileSystem: Files, file: string): Promise<'file' | 'directory' | null> {
  try {
    const stats = await fileSystem.stat(file);
    if (stats.isFile()) return 'file';
    return stats.isDirectory() ? 'directory' : null;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}

async function describe(fileSystem: Files, topLevel: string, found: string): Promise<Repository> {
  const gitDir = await fileSystem.realpath(found);
  const commonDir = await commonDirOf(fileSystem, gitDir);
  const config = await readIfPresent(fileSystem, path.join(commonDir, 'config'));
  const isSha256 = /^[^#;\n]*\bobjectformat\s*=\s*"?sha256/im.test(config?.toString('latin1') ?? '');
  return { topLevel, gitDir, commonDir, objectFormat: isSha256 ? 'sha256' : 'sha1' };
}

async function commonDirOf(fileSystem: Files, gitDir: string): Promise<string> {
  const file = path.join(gitDir, 'commondir');
  const text = await readIfPresent(fileSystem, file);
  if (text === null) return gitDir;
  const commonDir = path.resolve(gitDir, text.toString('utf8').replace(/[\r\n]+$/, ''));
  if ((await kindOf(fileSystem, path.join(commonDir, 'objects'))) === 'directory') {
    return fileSystem.realpath(commonDir);
  }
  throw new MoultError('REPOSITORY_BROKEN', { file, reason: `there is no repository in ${commonDir}` });
}
