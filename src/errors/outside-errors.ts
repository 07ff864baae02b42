import { entry } from './entry.js';
import { listed } from './listed.js';

const shownPaths = 5;
const someOf = (paths: readonly string[]) =>
  paths.length > shownPaths
    ? `${listed(paths.slice(0, shownPaths))} and ${paths.length - shownPaths} more`
    : listed(paths);

/** What can be wrong with files that no plan names: those that checks change, and those that are built. */
export const outsideErrors = {
  UNDECLARED_CHANGES: entry<{ paths: string[] }>(
    ({ paths }) => `While the checks ran, ${someOf(paths)} changed outside the plan.`,
    'Name what checks may write in `artifacts` of the configuration, plan the change, or set `undeclared` to "restore" or "report".',
  ),
  WITNESS_MISSING: entry<{ reason: string }>(
    ({ reason }) => `What checks change outside the plan cannot be found out: ${reason}`,
    'Work in a git repository, or set `undeclared` of the configuration to "restore" or "report".',
  ),
  ARTIFACTS_TOO_LARGE: entry<{ paths: string[]; foundBytes: number; allowedBytes: number }>(
    ({ paths, foundBytes, allowedBytes }) =>
      `What was built (${someOf(paths)}) holds ${foundBytes} bytes, and no more than ${allowedBytes} are kept for a rollback. Nothing was changed.`,
    'Name less in `artifacts` of the configuration, or raise `limits.artifactBytes`.',
  ),
} as const;
