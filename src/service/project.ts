import * as path from 'node:path';
import { improvementMachineVersion } from '../../machines/improvement-machine.js';
import { improvementUpgrades } from '../../machines/improvement-upgrades.js';
import { configHash } from '../config/config-hash.js';
import { parseConfig, type MoultConfig } from '../config/parse-config.js';
import { loadConfig } from '../config/load-config.js';
import { MoultError } from '../errors/moult-error.js';
import { findRepository, type Repository } from '../git/find-repository.js';
import type { FileSystem } from '../ports/file-system.js';
import { createState, locateState } from '../store/state-directory.js';
import { TaskStore } from '../store/task-store.js';

/** A project as one operation of the service finds it. */
export interface Project {
  /** The real path of the root. */
  root: string;
  config: MoultConfig;
  configHash: string;
  repository: Repository | null;
  /** The top of the working tree; planned roots are relative to it. */
  home: string;
  stateDirectory: string;
  store: TaskStore;
}

/**
 * Looks at a project: its real place, its repository, its configuration and its state. Nothing is created.
 *
 * @throws NOT_A_PROJECT, CONFIG_INVALID, CONFIG_UNREADABLE.
 */
export async function openProject(
  fileSystem: FileSystem,
  projectRoot: string,
  ownConfig?: Record<string, unknown>,
): Promise<Project> {
  const root = await realRoot(fileSystem, projectRoot);
  const config = ownConfig ? parseConfig(ownConfig, 'the config option') : (await loadConfig(root)).config;
  const repository = await findRepository(fileSystem, root);
  const state = await locateState({ fileSystem, root, stateDir: config.stateDir, repository });
  return {
    root,
    config,
    configHash: configHash(config),
    repository,
    home: state.home,
    stateDirectory: state.path,
    store: new TaskStore(fileSystem, state.path, {
      version: improvementMachineVersion,
      steps: improvementUpgrades,
    }),
  };
}

/** Creates the state directory and what it needs. */
export async function prepareState(
  fileSystem: FileSystem,
  { stateDirectory, home, store }: Project,
): Promise<void> {
  await createState(fileSystem, { path: stateDirectory, home });
  await store.prepare();
}

async function realRoot(fileSystem: FileSystem, projectRoot: string): Promise<string> {
  try {
    const root = await fileSystem.realpath(path.resolve(projectRoot));
    if ((await fileSystem.stat(root)).isDirectory()) return root;
    throw new MoultError('NOT_A_PROJECT', { root: projectRoot, reason: 'it is not a folder' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    throw new MoultError(
      'NOT_A_PROJECT',
      { root: projectRoot, reason: 'it does not exist' },
      { cause: error },
    );
  }
}
