import * as path from 'node:path';
import { detect, resolveCommand } from 'package-manager-detector';
import type { FileSystem } from '../ports/file-system.js';
import type { ParsedCommand } from './parse-command.js';

/**
 * How the project's package manager runs a script of package.json. It is known by its lock file or by the field
 * `packageManager`, in the root or, for a package of a monorepo, in a folder above within the same git repository.
 * Default npm.
 */
export async function scriptCommand(
  fileSystem: Pick<FileSystem, 'lstat'>,
  root: string,
  script: string,
): Promise<ParsedCommand> {
  const top = await repositoryTop(fileSystem, root);
  const detected = await detect({ cwd: root, stopDir: top });
  const resolved = detected === null ? null : resolveCommand(detected.agent, 'run', [script]);
  if (resolved === null) return { program: 'npm', args: ['run', script] };
  return { program: resolved.command, args: resolved.args };
}

/** The folder with `.git`, from the root upwards; without a repository the root itself. */
async function repositoryTop(fileSystem: Pick<FileSystem, 'lstat'>, root: string): Promise<string> {
  const start = path.resolve(root);
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (await exists(fileSystem, path.join(folder, '.git'))) return folder;
    if (path.dirname(folder) === folder) return start;
  }
}

async function exists(fileSystem: Pick<FileSystem, 'lstat'>, file: string): Promise<boolean> {
  try {
    await fileSystem.lstat(file);
    return true;
  } catch (error) {
    // Folders above may be closed to this user.
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES') return false;
    throw error;
  }
}
