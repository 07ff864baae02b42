import { entry } from './entry.js';

/** What the git program, or a repository, does not do. */
export const gitErrors = {
  GIT_FAILED: entry<{ command: string; reason: string }>(
    ({ command, reason }) => `git ${command} failed: ${reason}`,
    'Run it by hand to see why; without a restore point nothing is applied.',
  ),
  GIT_MISSING: entry<Record<string, never>>(
    () => 'The git program was not found.',
    'Install git, or correct the PATH.',
  ),
  REPOSITORY_BROKEN: entry<{ file: string; reason: string }>(
    ({ file, reason }) => `${JSON.stringify(file)} should lead to a git repository, but ${reason}.`,
    'Repair it (`git worktree repair`, `git submodule update --init`), or delete it if the project uses no git.',
  ),
} as const;
