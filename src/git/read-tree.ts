import type { Git } from './create-git.js';
import { gitArguments } from './git-arguments.js';

export interface TreeFile {
  /** Six octal digits, as git writes them. */
  mode: string;
  oid: string;
}

/** Everything a tree holds, by name (one character per byte, from the top of the working tree). */
export async function readTree(git: Git, tree: string): Promise<Map<string, TreeFile>> {
  const output = await git(gitArguments('ls-tree', ['-r', '-z', '--full-tree'], { objects: [tree] }));
  const files = new Map<string, TreeFile>();
  for (const line of output.toString('latin1').split('\0')) {
    const [, mode, oid, name] = /^(\d+) \w+ ([0-9a-f]+)\t(.+)$/s.exec(line) ?? [];
    if (mode !== undefined && oid !== undefined && name !== undefined) files.set(name, { mode, oid });
  }
  return files;
}
