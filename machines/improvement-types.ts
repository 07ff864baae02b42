/** What went wrong, as JSON: the code and texts of an error, without the error. */
export interface Failure {
  code: string;
  message: string;
  /** What to do about it. */
  remedy?: string;
  /** The facts the message was made from. */
  details?: unknown;
}

/** How one check ended. Only `passed` counts as passed. */
export type CheckStatus = 'passed' | 'failed' | 'timed_out' | 'not_run';

export interface CheckResult {
  name: string;
  type: 'build' | 'test' | 'lint' | 'custom';
  /** A required check decides; the others only report. */
  required: boolean;
  status: CheckStatus;
  /** Null where the command did not start or was ended by a signal. */
  exitCode: number | null;
  signal: string | null;
  durationMs: number;
  /** The last lines of standard output and standard error, as they came. */
  output: string;
  /** The whole output, relative to the state directory; null where nothing ran. */
  logPath: string | null;
  /** Why the check is not `passed`, in words. */
  reason?: string;
}

/** Somebody's bytes that stood in the way of a rollback, and where they are now. */
export interface Displaced {
  path: string;
  /** Absolute path of the saved bytes. */
  savedAt: string;
}

/** A path that could not be put back, and where its before-image lies. */
export interface Unrestored {
  path: string;
  reason: string;
  /** Absolute path; null where the path did not exist before. */
  savedAt: string | null;
}

/** A path that the plan does not name and that changed while the checks ran. */
export interface UndeclaredChange {
  /** From the project root. */
  path: string;
  kind: 'created' | 'modified' | 'deleted';
  /** A rollback put it back as it was when the checks began. */
  restored: boolean;
  /** Why a rollback did not. */
  reason?: string;
}

/** What changed outside the plan while the checks ran. */
export interface UndeclaredReport {
  changes: UndeclaredChange[];
  /** How many more there were than are listed. */
  more: number;
  /** Why it could not be found out; null where it was. */
  unknown: string | null;
}

/** What a rollback did, path by path. */
export interface RollbackReport {
  /** Put back and verified by hash. */
  restored: string[];
  /** Somebody edited the file before it was swapped: their version was left in place. */
  kept: string[];
  displaced: Displaced[];
  failed: Unrestored[];
  /** Absent where checks had not begun. */
  undeclared?: UndeclaredReport;
}

/** The restore point of the working tree. */
export type Checkpoint =
  { kind: 'git'; commit: string; notices: string[] } | { kind: 'none'; reason: string };

export interface Approval {
  by: string;
  /** ISO 8601. */
  at: string;
  why?: string;
}

/** What the host says when it is asked for a restart. */
export interface RestartAnswer {
  /** The restart will confirm the improvement, or take it back. */
  willConfirm: boolean;
}

/** Why an improvement was given up or taken back. */
export type Cause =
  /** The plan did not fit the files; nothing was touched. */
  | 'refused'
  | 'apply_failed'
  | 'checks_failed'
  | 'conflict'
  | 'cancelled'
  | 'interrupted'
  | 'requested'
  | 'not_confirmed';

export interface ImprovementInput {
  taskId: string;
  planDigest: string;
  /** A person must approve the plan before it can be executed. */
  approvalRequired: boolean;
  /** The changed program must be restarted to run the new code. */
  needsRestart: boolean;
  /** After a restart, somebody must confirm that the new version is good. */
  confirmationRequired: boolean;
  /** Set to undo a completed improvement: its context, and who asked. */
  undo?: { context: ImprovementContext };
}

export interface ImprovementContext extends Omit<ImprovementInput, 'undo'> {
  approval: Approval | null;
  checkpoint: Checkpoint | null;
  /** Paths that hold their planned bytes. */
  appliedPaths: string[];
  checks: CheckResult[];
  /** Null, or absent in an older snapshot, where checks have not ended. */
  undeclared?: UndeclaredReport | null;
  confirmation: Approval | null;
  /** A person's no. */
  rejection: Approval | null;
  /** Null while nothing asked for an end without the change. */
  cause: Cause | null;
  /** What went wrong first. */
  failure: Failure | null;
  /** The change stays, but the host could not be told to restart. */
  restartFailure: Failure | null;
  /** What the last rollback did; null before the first. */
  rollback: RollbackReport | null;
  /** Why the last rollback could not even report. */
  rollbackFailure: Failure | null;
}

export type ImprovementEvent =
  | { type: 'EXECUTE' }
  | { type: 'APPROVE'; planDigest: string; by: string; at: string; why?: string }
  | { type: 'REJECT'; by: string; at: string; why?: string }
  | { type: 'CANCEL' }
  /** Sent by recovery: the process that ran this is gone, and the task is to be taken back. */
  | { type: 'INTERRUPTED' }
  | { type: 'CONFIRM'; by: string; at: string; why?: string }
  | { type: 'ROLL_BACK'; cause: 'requested' | 'not_confirmed'; failure?: Failure }
  /** A person has seen to the obstacle. */
  | { type: 'RETRY_ROLLBACK' };

/** Every invoked actor gets this and looks the rest up in the store: no file contents, no secrets in a snapshot. */
export interface EffectInput {
  taskId: string;
}

export type ImprovementStatus =
  | 'planning'
  | 'implementing'
  | 'testing'
  | 'awaiting_confirmation'
  | 'rolling_back'
  | 'rollback_failed'
  | 'completed'
  | 'rolled_back'
  | 'cancelled';
