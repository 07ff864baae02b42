import type { ProjectFolder } from './project-folder.js';

/** Leaves one stash behind and the files as they were. */
export async function stashSomeWork(folder: ProjectFolder): Promise<void> {
  const before = await folder.read('src/b.ts');
  await folder.write('src/b.ts', 'export const b = "stashed";\n');
  await folder.git(['stash', 'push', '--quiet', '--message', 'work for later']);
  await folder.write('src/b.ts', before);
}
