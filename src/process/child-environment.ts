import { inheritedEnvironment } from './node-spawner.js';

/** What a child's environment differs in from the inherited one. */
export interface EnvironmentChanges {
  /** Names to set; `undefined` removes a name. */
  env?: Record<string, string | undefined>;
  /** Names of the inherited environment to drop. */
  removeEnv?: (name: string) => boolean;
}

/** The inherited environment with `changes` made to it. */
export function childEnvironment({ env = {}, removeEnv }: EnvironmentChanges): NodeJS.ProcessEnv {
  const result = inheritedEnvironment();
  if (removeEnv !== undefined) {
    for (const name of Object.keys(result)) if (removeEnv(name)) delete result[name];
  }
  for (const [name, value] of Object.entries(env)) {
    removeName(result, name);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

/** Windows takes `Path` and `PATH` for one name; a copy of the environment does not. */
function removeName(environment: NodeJS.ProcessEnv, name: string): void {
  delete environment[name];
  if (process.platform !== 'win32') return;
  for (const other of Object.keys(environment)) {
    if (other.toUpperCase() === name.toUpperCase()) delete environment[other];
  }
}
