import type { CheckResult, Failure, RollbackReport } from './improvement-types.js';

/**
 * The judge: every required check really ran and passed, and there was at least one.
 * A check that did not run is not a check that passed.
 */
export function checksPassed(checks: readonly CheckResult[]): boolean {
  // An actor of the host may answer anything; a guard that throws would end the machine.
  if (!Array.isArray(checks)) return false;
  const required = (checks as readonly CheckResult[]).filter((check) => check.required);
  return required.length > 0 && required.every((check) => check.status === 'passed');
}

/** Everything is as it was before. */
export function rollbackSucceeded(report: RollbackReport): boolean {
  return Array.isArray(report?.failed) && report.failed.length === 0;
}

/** An error as JSON; a snapshot loses everything else of it. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { code: 'UNEXPECTED', message: String(error) };
  const { code, remedy, details } = error as { code?: unknown; remedy?: unknown; details?: unknown };
  const { message } = error;
  // Only errors with a remedy are made to be JSON; the details of others may be anything.
  if (typeof code === 'string' && typeof remedy === 'string') return { code, message, remedy, details };
  return { code: typeof code === 'string' ? code : 'UNEXPECTED', message };
}
