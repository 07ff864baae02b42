import { rm } from 'node:fs/promises';
import * as path from 'node:path';
import type { ProjectFolder } from './project-folder.js';

const partial = (first: string, last: string) => `${first}\n\n\n\n\n\n\n\n\n${last}\n`;

/** Leaves the work of somebody who is in the middle of something: staged, unstaged, both, untracked and ignored. */
export async function leaveOpenWork(folder: ProjectFolder, hasGit: boolean): Promise<void> {
  await folder.write('staged.ts', 'export const staged = 1;\n');
  await folder.write('added.ts', 'export const added = 1;\n');
  await folder.write('partial.ts', partial('first, staged', 'last'));
  if (hasGit) await folder.git(['add', 'staged.ts', 'added.ts', 'partial.ts']);
  await folder.write('partial.ts', partial('first, staged', 'last, not staged'));
  await folder.write('unstaged.ts', 'export const unstaged = 1;\n');
  await rm(path.join(folder.root, 'deleted.ts'));
  await folder.write('untracked.txt', 'mine\n');
  await folder.write('untracked folder/notes.txt', 'mine too\n', 0o600);
  await folder.write('ignored.log', 'a log\n');
  await folder.write('build/output.js', 'built\n');
}
