import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { runGit } from './run-git.js';

/** A folder with the few things a test does in it. Paths are relative to the folder. */
export interface ProjectFolder {
  /** Absolute, without symbolic links on the way. */
  root: string;
  /**
   * Runs git in the folder, with a clean environment, and answers its standard output as it came.
   *
   * @throws `GIT_FAILED` where git answers with another exit code than 0.
   */
  git(args: readonly string[]): Promise<string>;
  /** Writes a whole file and makes the directories it needs. Without `mode`, an existing file keeps its own. */
  write(file: string, content: string | Uint8Array, mode?: number): Promise<void>;
  read(file: string): Promise<Buffer>;
}

export function projectFolder(root: string): ProjectFolder {
  return {
    root,
    git: (args) => runGit(root, args),
    write: (file, content, mode) => writeWhole(path.join(root, file), content, mode),
    read: (file) => readFile(path.join(root, file)),
  };
}

async function writeWhole(file: string, content: string | Uint8Array, mode?: number): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  if (mode !== undefined) await chmod(file, mode);
}
