import * as path from 'node:path';
import type { ValidationCheck } from '../improvement.js';
import type { EnvironmentChanges } from '../process/child-environment.js';
import { inheritedEnvironment } from '../process/node-spawner.js';
import { taskTag } from '../process/task-tag.js';

/**
 * Names that would change what a command judges, or keep it from judging, when the host itself was started by a test
 * runner or by npm: `node --test` runs nothing below another `node --test`, and `npm run --workspace a` hands its
 * choice of workspace on.
 */
const misleading = new Set(
  [
    'NODE_TEST_CONTEXT',
    'npm_config_dry_run',
    'npm_config_if_present',
    'npm_config_ignore_scripts',
    'npm_config_include_workspace_root',
    'npm_config_workspace',
    'npm_config_workspaces',
  ].map((name) => name.toUpperCase()),
);

/** What a check's command finds in its environment, besides what is inherited. */
export function checkEnvironment(
  check: Pick<ValidationCheck, 'env'>,
  task: { root: string; mark: string },
  command: { findsLocalPrograms: boolean },
): EnvironmentChanges {
  const env: Record<string, string | undefined> = { CI: '1', ...check.env, [taskTag]: task.mark };
  if (command.findsLocalPrograms) Object.assign(env, localPath(task.root, env));
  return { env, removeEnv: (name) => /^GIT_/i.test(name) || misleading.has(name.toUpperCase()) };
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
