import type {
  CheckResult,
  Displaced,
  Failure,
  ImprovementStatus,
  UndeclaredChange,
} from '../machines/improvement-types.js';

/** One exact replacement: `oldText` must occur exactly once in the file as it is when the edit is applied. */
export interface TextEdit {
  oldText: string;
  newText: string;
}

/**
 * One planned file operation. A `create` or `modify` carries its new content in one of `content`, `contentBase64`,
 * `edits`, `patch` or `symlink`; a `modify` may give only a `mode`. In the library it may come without any of them: the
 * host's `editor` then supplies the bytes when the improvement is executed.
 */
export interface PlannedChange {
  /** Relative to the project root, with forward slashes. */
  file: string;
  type: 'create' | 'modify' | 'delete';
  description?: string;
  /** The planner's own estimate; the assessed risk is never lower for it. */
  risk?: 'low' | 'medium' | 'high';
  /** The whole new text, as UTF-8. */
  content?: string;
  /** The whole new file, for bytes that are not text. */
  contentBase64?: string;
  /** Replacements in the text as it is; line ends and byte order mark stay. */
  edits?: TextEdit[];
  /** A unified diff against the text as it is. */
  patch?: string;
  /** Makes the path a symbolic link with this target, which must stay inside the project. */
  symlink?: string;
  /** Permission bits in octal, as `"0755"`. Default: as they were; for a new file 0666 less the umask. */
  mode?: string;
}

/** What to improve, and how. */
export interface ImprovementRequest {
  description: string;
  /** Paths the improvement is about. Joined with the paths of `changes`; all are backed up and restored together. */
  targetFiles: string[];
  changes: PlannedChange[];
  /** The program must be restarted to run the new code. */
  requiresRestart: boolean;
  /** Leaves out the checks of type `test`. */
  skipTests?: boolean;
}

/** One command that judges a change. */
export interface ValidationCheck {
  name: string;
  type: 'build' | 'test' | 'lint' | 'custom';
  /** A program and its arguments; without one, `build`, `test` and `lint` run the script of that name. */
  command?: string;
  /** Only required checks decide. Optional ones run and report. */
  required: boolean;
  /** Default 600,000 (ten minutes). */
  timeoutMs?: number;
  /** Added to the environment of the command. */
  env?: Record<string, string>;
  /** Runs `command` by the system's shell. Default false. */
  shell?: boolean;
  /** Set once the check has run. */
  passed?: boolean;
  /** Set once the check has run: the tail of its output. */
  output?: string;
}

/** How an improvement ended, or where it waits. */
export interface ImprovementResult {
  /** The change is in place and validated. */
  success: boolean;
  taskId: string;
  /** The planned paths that hold their planned bytes now; empty after a rollback. */
  changesApplied: string[];
  validationPassed: boolean;
  needsRestart: boolean;
  error?: string;
  /** True only where at least one path was put back. */
  rollbackPerformed?: boolean;
  status: ImprovementStatus;
  checks: CheckResult[];
  displaced: Displaced[];
  /** What changed outside the plan while the checks ran, and whether it was put back. */
  undeclared: UndeclaredChange[];
  /** How many more there were than are listed. */
  undeclaredMore?: number;
  /** Why it could not be found out. */
  undeclaredUnknown?: string;
  /** Planned paths that somebody else changed first: their version was left in place. */
  kept?: string[];
  /** The change is in place, but the host could not be told to restart. */
  restartFailure?: Failure;
  /** The same as `error`, for programs: with code and remedy. */
  failure?: Failure;
}

/** The before-image of one planned path. */
export interface FileBackup {
  path: string;
  /** Absolute. */
  backupPath: string;
  /** SHA-256 in hex; of the link's target for a symbolic link. */
  checksum: string;
}

/** One line of the history. */
export interface ImprovementSummary {
  taskId: string;
  description: string;
  status: ImprovementStatus;
  /** The state of the machine in full, as `planning.awaiting_approval`. */
  state: string;
  risk: 'low' | 'medium' | 'high' | 'critical';
  files: number;
  /** ISO 8601. */
  createdAt: string;
  /** ISO 8601: when it came to where it stands. */
  updatedAt: string;
}

/** What the service knows of the newest improvement. */
export interface SelfImprovementState {
  currentTask?: {
    id: string;
    description: string;
    targetFiles: string[];
    plannedChanges: PlannedChange[];
    status: ImprovementStatus;
  };
  validationChecks?: ValidationCheck[];
  backup?: { id: string; createdAt: string; files: FileBackup[]; gitCommit?: string };
}
