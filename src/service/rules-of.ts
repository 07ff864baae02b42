import { configHash } from '../config/config-hash.js';
import { loadConfig } from '../config/load-config.js';
import { parseConfig, type MoultConfig } from '../config/parse-config.js';
import type { Host } from './host.js';
import type { Project } from './project.js';

/** The configuration that a project root is under now. */
export interface ProjectRules {
  config: MoultConfig;
  configHash: string;
}

/**
 * The rules of an improvement's own root: those of the project that was opened, or, in a monorepo, of another one.
 *
 * @throws CONFIG_INVALID, CONFIG_UNREADABLE.
 */
export async function rulesOf(
  { config: ownConfig }: Host,
  project: Project,
  root: string,
): Promise<ProjectRules> {
  if (root === project.root) return project;
  const config = ownConfig ? parseConfig(ownConfig, 'the config option') : (await loadConfig(root)).config;
  return { config, configHash: configHash(config) };
}
