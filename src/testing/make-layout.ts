import { mkdir } from 'node:fs/promises';
import * as path from 'node:path';
import { projectFolder } from './project-folder.js';

/**
 * How the project lies in its repository: it is the repository, a linked working tree of one, a submodule's checkout, or
 * a folder below the top of a monorepo.
 */
export type RepositoryLayout = 'repository' | 'worktree' | 'submodule' | 'subfolder';

/** Where the project and the top of its working tree lie. */
export interface ProjectPlaces {
  root: string;
  top: string;
}

/** Makes the repository, with nothing of the project in it yet. */
export const makeLayout: Record<RepositoryLayout, (base: string) => Promise<ProjectPlaces>> = {
  repository: async (base) => {
    const root = await makeRepository(base, 'project');
    return { root, top: root };
  },
  worktree: async (base) => {
    const main = await makeRepository(base, 'main');
    await commitReadme(main);
    const root = path.join(base, 'project');
    await projectFolder(main).git(['worktree', 'add', '--quiet', '-b', 'work', root]);
    return { root, top: root };
  },
  submodule: async (base) => {
    const library = await makeRepository(base, 'library');
    await commitReadme(library);
    const host = await makeRepository(base, 'host');
    await projectFolder(host).git(['submodule', '--quiet', 'add', library, 'project']);
    await projectFolder(host).git(['commit', '--quiet', '--message', 'Add the library']);
    const root = path.join(host, 'project');
    return { root, top: root };
  },
  subfolder: async (base) => {
    const top = await makeRepository(base, 'monorepo');
    await projectFolder(top).write('packages/neighbour/index.ts', 'export const neighbour = 1;\n', 0o644);
    await projectFolder(top).write('notes.txt', 'not committed, and not below the project\n');
    const root = path.join(top, 'packages', 'project');
    await mkdir(root);
    return { root, top };
  },
};

async function makeRepository(base: string, name: string): Promise<string> {
  const root = path.join(base, name);
  await mkdir(root);
  await projectFolder(root).git(['init', '--quiet']);
  return root;
}

async function commitReadme(root: string): Promise<void> {
  await projectFolder(root).write('README.md', '# Read me\n', 0o644);
  await projectFolder(root).git(['add', 'README.md']);
  await projectFolder(root).git(['commit', '--quiet', '--message', 'Read me']);
}
