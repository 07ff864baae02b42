import type { ErrorCode } from '../../errors/error-table.js';

const statuses: Partial<Record<ErrorCode, number>> = {
  INSPECTOR_REFUSED: 403,
  ACTIONS_OFF: 403,
  INSPECTOR_UNKNOWN: 404,
  TASK_UNKNOWN: 404,
  NO_TASK: 404,
  INSPECTOR_REQUEST_INVALID: 400,
  STATE_UNREADABLE: 500,
  STATE_TOO_NEW: 500,
  STATE_NOT_SAVED: 500,
  STATE_LOST: 500,
  STATE_LINKED: 500,
  SYSTEM_CALL_FAILED: 500,
};

/** The status of HTTP for an error. What stands in the way of an action is a conflict with the state of things. */
export function refusalStatus(code: string): number {
  return statuses[code as ErrorCode] ?? 409;
}
