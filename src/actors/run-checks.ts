import * as path from 'node:path';
import type { CheckResult } from '../../machines/improvement-types.js';
import { runChecks as runAll } from '../checks/run-checks.js';
import { MoultError } from '../errors/moult-error.js';
import type { ValidationCheck } from '../improvement.js';
import { taskMark } from '../process/task-mark.js';
import type { ImprovementParts } from './improvement-parts.js';

/** Runs the checks of the plan. */
export async function runChecks(parts: ImprovementParts, signal: AbortSignal): Promise<CheckResult[]> {
  const { fileSystem, spawn, clock, masker, root, plan, folder, progress } = parts;
  const { taskId } = plan;
  let running = '';
  return runAll(
    await checksOf(parts),
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

/** The plan keeps no secret of its checks; the configuration it was made under has them. */
async function checksOf({ plan, rules }: ImprovementParts): Promise<ValidationCheck[]> {
  const { config, configHash } = await rules();
  if (configHash !== plan.configHash)
    throw new MoultError('PLAN_STALE', { paths: ['the configuration of moult'] });
  const own = new Map(config.checks?.map((check) => [check.name, check]));
  return plan.checks.map((check) => own.get(check.name) ?? check);
}
