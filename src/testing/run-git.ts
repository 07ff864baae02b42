import { execFile } from 'node:child_process';
import { MoultError } from '../errors/moult-error.js';
import { childEnvironment } from '../process/child-environment.js';

/** What a person's configuration would hold; nothing of it is written into a repository. */
const settings = {
  'user.name': 'Ann Author',
  'user.email': 'ann@example.com',
  'init.defaultBranch': 'main',
  'protocol.file.allow': 'always',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'advice.detachedHead': 'false',
};

const settingArguments = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);

/**
 * Runs the installed git as a person would, without the configuration and the `GIT_*` variables of this machine.
 * Answers standard output as it came.
 *
 * @throws `GIT_FAILED` where git answers with another exit code than 0, or is not there.
 */
export function runGit(directory: string, args: readonly string[]): Promise<string> {
  const options = { cwd: directory, env: cleanEnvironment(), maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    const child = execFile('git', [...settingArguments, ...args], options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const reason = stderr.trim() || stdout.trim() || error.message;
      reject(new MoultError('GIT_FAILED', { command: args.join(' '), reason }, { cause: error }));
    });
    child.stdin?.end();
  });
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  return childEnvironment({
    removeEnv: (name) => name.toUpperCase().startsWith('GIT_'),
    env: { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
  });
}
