import { MoultError } from '../errors/moult-error.js';
import type { ProjectFolder } from './project-folder.js';

/** Leaves a merge in progress, with a conflict in `merged.ts`. */
export async function beginConflictingMerge(folder: ProjectFolder): Promise<void> {
  await folder.git(['switch', '--quiet', '--create', 'feature']);
  await commitMerged(folder, 'feature');
  await folder.git(['switch', '--quiet', '-']);
  await commitMerged(folder, 'ours');
  await mergeFeature(folder);
  // Refuses where no merge is in progress.
  await folder.git(['rev-parse', '--verify', '--quiet', 'MERGE_HEAD']);
}

async function commitMerged(folder: ProjectFolder, value: string): Promise<void> {
  await folder.write('merged.ts', `export const merged = '${value}';\n`);
  await folder.git(['commit', '--quiet', '--message', value, '--', 'merged.ts']);
}

/** git answers a conflict with exit code 1, like any other failure. */
async function mergeFeature(folder: ProjectFolder): Promise<void> {
  try {
    await folder.git(['merge', '--quiet', 'feature']);
  } catch (error) {
    if (!(error instanceof MoultError) || error.code !== 'GIT_FAILED') throw error;
  }
}
