import * as path from 'node:path';
import type { CheckResult } from '../../machines/improvement-types.js';
import type { ValidationCheck } from '../improvement.js';
import { killOrphans } from '../process/kill-orphans.js';
import { runCheck, type CheckContext } from './run-check.js';

export interface ChecksContext extends Omit<CheckContext, 'logFile' | 'logPath'> {
  /** Absolute; is made where it is missing. */
  logDirectory: string;
  /** What results call that directory. */
  logPathPrefix: string;
}

/**
 * Runs the checks one after the other, all of them: who corrects a change wants to know everything that is wrong with
 * it. What they leave running is ended, so that nothing changes files behind the verdict.
 *
 * @throws the signal's reason when aborted; what runCheck throws.
 */
export async function runChecks(
  checks: readonly ValidationCheck[],
  context: ChecksContext,
  onResult?: (result: CheckResult) => void | Promise<void>,
  onStart?: (check: ValidationCheck) => void | Promise<void>,
): Promise<CheckResult[]> {
  await context.fileSystem.mkdir(context.logDirectory, { recursive: true, mode: 0o700 });
  const results: CheckResult[] = [];
  try {
    for (const [index, check] of checks.entries()) {
      context.signal?.throwIfAborted();
      await onStart?.(check);
      const result = await runCheck(check, { ...context, ...logOf(index, check, context) });
      results.push(result);
      await onResult?.(result);
    }
  } finally {
    await killOrphans(context);
  }
  return results;
}

/** The position keeps apart what has the same name in a file system. */
function logOf(
  index: number,
  { name, type }: ValidationCheck,
  { logDirectory, logPathPrefix }: ChecksContext,
): Pick<CheckContext, 'logFile' | 'logPath'> {
  const safeName = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  const file = `${String(index + 1).padStart(2, '0')}-${safeName || type}.log`;
  return { logFile: path.join(logDirectory, file), logPath: path.posix.join(logPathPrefix, file) };
}
