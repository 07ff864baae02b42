import type { ImprovementStatus } from '../../machines/improvement-types.js';
import type { ErrorCode } from '../errors/error-table.js';

/** What the process ends with. Scripts branch on it, so these numbers never change. */
export const exitCode = {
  done: 0,
  /** Rolled back or cancelled: every file is as it was. */
  takenBack: 1,
  /** Nothing was touched: bad usage, an invalid or stale plan, a forbidden path. */
  refused: 2,
  rollbackFailed: 3,
  /** For a person's approval or confirmation. */
  waiting: 4,
  /** A bug, or a machine that did not do what it must; sysexits calls it EX_SOFTWARE. */
  unexpected: 70,
  /** Another improvement or process; sysexits calls it EX_TEMPFAIL. */
  inTheWay: 75,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

const ofStatus: Record<ImprovementStatus, ExitCode> = {
  completed: exitCode.done,
  rolled_back: exitCode.takenBack,
  cancelled: exitCode.takenBack,
  rollback_failed: exitCode.rollbackFailed,
  awaiting_confirmation: exitCode.waiting,
  planning: exitCode.waiting,
  // An improvement never rests in these.
  implementing: exitCode.unexpected,
  testing: exitCode.unexpected,
  rolling_back: exitCode.unexpected,
};

/** Every other error of the table refuses before anything is touched. */
const ofError: Partial<Record<ErrorCode, ExitCode>> = {
  LOCK_HELD: exitCode.inTheWay,
  LOCK_FOREIGN: exitCode.inTheWay,
  LOCK_LOST: exitCode.inTheWay,
  TASK_ACTIVE: exitCode.inTheWay,
  APPROVAL_REQUIRED: exitCode.waiting,
  ROLLBACK_FAILED: exitCode.rollbackFailed,
  STATE_LOST: exitCode.rollbackFailed,
};

/** For an improvement that was carried out. */
export function exitCodeOfEnd(status: ImprovementStatus): ExitCode {
  return ofStatus[status];
}

/** For an operation that threw. */
export function exitCodeOfError(code: ErrorCode): ExitCode {
  return ofError[code] ?? exitCode.refused;
}
