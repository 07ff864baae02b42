import * as path from 'node:path';
import type { CheckResult } from '../../machines/improvement-types.js';
import { runChecks as runAll } from '../checks/run-checks.js';
import { taskMark } from '../process/task-mark.js';
import type { ImprovementParts } from './improvement-parts.js';

/** Runs the checks of the plan. */
export async function runChecks(parts: ImprovementParts, signal: AbortSignal): Promise<CheckResult[]> {
  const { fileSystem, spawn, clock, masker, root, plan, folder, progress } = parts;
  const { taskId } = plan;
  let running = '';
  return runAll(
    plan.checks,
    {
      ...{ fileSystem, spawn, clock, masker, root, signal },
      mark: await taskMark(fileSystem, taskId, folder.path),
      logDirectory: folder.logsFolder,
      logPathPrefix: path.posix.join('tasks', taskId, 'logs'),
      onOutput: (chunk) => progress({ type: 'check-output', taskId, name: running, chunk }),
    },
    (result) => progress({ type: 'check-finished', taskId, result }),
    ({ name }) => {
      running = name;
      progress({ type: 'check-started', taskId, name });
    },
  );
}
