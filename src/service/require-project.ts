import { lstat } from 'node:fs/promises';
import * as path from 'node:path';
import { MoultError } from '../errors/moult-error.js';
import { nodeFileSystem } from '../ports/node-file-system.js';
import { openProject, type Project } from './project.js';

const marks = ['package.json', 'moult.config.json', 'moult.config.js', 'moult.config.mjs'];

/**
 * Opens the project, and refuses a folder that was most likely taken for one by mistake: state would be written there.
 *
 * @param config The host's own; who brings one has said which project it is.
 * @throws NOT_A_PROJECT, CONFIG_INVALID, CONFIG_UNREADABLE, REPOSITORY_BROKEN.
 */
export async function requireProject(root: string, config?: Record<string, unknown>): Promise<Project> {
  const project = await openProject(nodeFileSystem, root, config);
  if (project.repository || config) return project;
  for (const mark of marks) if (await exists(path.join(project.root, mark))) return project;
  throw new MoultError('NOT_A_PROJECT', {
    root,
    reason: 'it has no package.json and no moult.config.json, and lies in no git repository',
  });
}

async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
