import * as path from 'node:path';
import type { ValidationCheck } from '../improvement.js';
import type { EnvironmentChanges } from '../process/child-environment.js';
import { inheritedEnvironment } from '../process/node-spawner.js';
import { taskTag } from '../process/task-tag.js';
import { passedVariables } from './passed-variables.js';

/**
 * What a check's command finds in its environment: of the host's, what is on the list (`passedVariables`); `CI`; its own.
 */
export function checkEnvironment(
  check: Pick<ValidationCheck, 'env'>,
  task: { root: string; mark: string; passEnv: readonly string[] },
  command: { findsLocalPrograms: boolean },
): EnvironmentChanges {
  const env: Record<string, string | undefined> = { CI: '1', ...check.env, [taskTag]: task.mark };
  if (command.findsLocalPrograms) Object.assign(env, localPath(task.root, env));
  const isPassed = passedVariables(task.passEnv);
  return { env, removeEnv: (name) => !isPassed(name) };
}

/** The project's own programs come first, as in a script of package.json. */
function localPath(root: string, env: Record<string, string | undefined>): Record<string, string> {
  const all = { ...inheritedEnvironment(), ...env };
  // Windows calls it Path.
  const name = 'PATH' in all ? 'PATH' : (Object.keys(all).find((key) => /^path$/i.test(key)) ?? 'PATH');
  const inherited = all[name] ?? ['/usr/local/bin', '/usr/bin', '/bin'].join(path.delimiter);
  // An empty entry would mean the current folder.
  const folders = [path.join(root, 'node_modules', '.bin'), inherited].filter((folder) => folder !== '');
  return { [name]: folders.join(path.delimiter) };
}
