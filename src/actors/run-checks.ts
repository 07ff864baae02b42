import * as path from 'node:path';
import type { CheckResult } from '../../machines/improvement-types.js';
import { runChecks as runAll } from '../checks/run-checks.js';
import { MoultError } from '../errors/moult-error.js';
import type { ValidationCheck } from '../improvement.js';
import { taskMark } from '../process/task-mark.js';
import { findUndeclared } from './find-undeclared.js';
import type { ImprovementParts } from './improvement-parts.js';
import { takeWitness } from './take-witness.js';

/** Runs the checks of the plan, and finds out what else changed meanwhile. */
export async function runChecks(parts: ImprovementParts, signal: AbortSignal): Promise<CheckResult[]> {
  const { fileSystem, spawn, clock, masker, root, plan, folder, progress } = parts;
  const { taskId } = plan;
  const { checks, passEnv } = await rulesOf(parts);
  let running = '';
  await takeWitness(parts, signal);
  const results = await runAll(
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
  await findUndeclared(parts);
  return results;
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
