import * as path from 'node:path';
import { improvementMachineVersion } from '../../machines/improvement-machine.js';
import { improvementUpgrades } from '../../machines/improvement-upgrades.js';
import { MoultError } from '../errors/moult-error.js';
import { TaskStore } from '../store/task-store.js';
import { lstatOrNull } from '../workspace/read-image.js';
import type { Host } from './host.js';
import type { Project } from './project.js';

/** The improvements of a project, to be looked at by reading alone. */
export interface ProjectView extends Pick<Host, 'fileSystem' | 'masker'> {
  /** Absolute. */
  stateDirectory: string;
  store: TaskStore;
  /** The project they belong to, and the top of its working tree; null for a state directory by itself, as a copy of one. */
  project: { root: string; home: string } | null;
}

export function viewOfProject(
  { fileSystem, masker }: Host,
  { root, home, stateDirectory, store }: Project,
): ProjectView {
  return { fileSystem, masker, stateDirectory, store, project: { root, home } };
}

/** @throws NOT_A_PROJECT where the folder is no state directory. */
export async function viewOfStateDirectory(
  { fileSystem, masker }: Pick<Host, 'fileSystem' | 'masker'>,
  directory: string,
): Promise<ProjectView> {
  const stateDirectory = path.resolve(directory);
  const version = { version: improvementMachineVersion, steps: improvementUpgrades };
  const store = new TaskStore(fileSystem, stateDirectory, version);
  const tasks = await lstatOrNull(fileSystem, store.tasksFolder);
  if (!tasks?.isDirectory()) {
    const reason = 'it is no state directory of moult: it has no folder "tasks"';
    throw new MoultError('NOT_A_PROJECT', { root: directory, reason });
  }
  return { fileSystem, masker, stateDirectory, store, project: null };
}
