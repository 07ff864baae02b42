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
  const { checks, passEnv } = await rulesOf(parts);
  let running = '';
  return runAll(
    checks,
    {
      ...{ fileSystem, spawn, clock, masker, root, passEnv, signal },
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
async function rulesOf({
  plan,
  rules,
}: ImprovementParts): Promise<{ checks: ValidationCheck[]; passEnv: string[] }> {
  const { config, configHash } = await rules();
  if (configHash !== plan.configHash)
    throw new MoultError('PLAN_STALE', { paths: ['the configuration of moult'] });
  const own = new Map(config.checks?.map((check) => [check.name, check]));
  return { checks: plan.checks.map((check) => own.get(check.name) ?? check), passEnv: config.passEnv };
}
