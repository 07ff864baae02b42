import type { Json, Refusal } from './session.js';

export type Risk = 'low' | 'medium' | 'high' | 'critical';

export interface HistoryEntry {
  taskId: string;
  description: string;
  /** The top-level state: `planning`, `completed`, … */
  status: string;
  /** The state in full: `planning.awaiting_approval`. */
  state: string;
  /**
   * `waiting`: for a person; `working`: a living process is at it; `interrupted`: its process is gone; `ended`;
   * `unreadable`: its state is damaged, see `problem`.
   */
  activity: 'waiting' | 'working' | 'interrupted' | 'ended' | 'unreadable';
  risk: Risk;
  fileCount: number;
  createdAt: string;
  updatedAt: string;
  problem?: Refusal['error'];
}

export interface History {
  /** Newest first. */
  improvements: HistoryEntry[];
  figures: {
    total: number;
    completed: number;
    rolledBack: number;
    cancelled: number;
    rollbackFailed: number;
    /** Neither ended nor stuck. */
    open: number;
    /** Completed ones among those that were executed to an end, 0 to 1; null before the first. */
    successRate: number | null;
  };
}

export type Image =
  | { kind: 'absent' }
  | { kind: 'file'; sha256: string; mode: number; sizeBytes: number }
  | { kind: 'symlink'; target: string };

export interface FileChange {
  /** Its position in the plan; journal entries name it. */
  index: number;
  path: string;
  /** `target`: only backed up, nothing is planned for it. */
  type: 'create' | 'modify' | 'delete' | 'target';
  description: string | null;
  risk: Risk;
  reasons: string[];
  before: Image;
  /** Null where the bytes come at execute, and for a `target`. */
  after: Image | null;
  /** Permission bits in octal where the file has them: `0644`. */
  modeBefore: string | null;
  modeAfter: string | null;
}

export interface CheckView {
  /** Its position in the plan. */
  index: number;
  name: string;
  type: 'build' | 'test' | 'lint' | 'custom';
  required: boolean;
  /** As it is run, or the script that is. */
  command: string;
  status: 'pending' | 'running' | 'passed' | 'failed' | 'timed_out' | 'not_run';
  reason: string | null;
  exitCode: number | null;
  startedAt: string | null;
  durationMs: number | null;
  /** The last lines of its output. */
  output: string;
  /** Null where there is none. */
  logBytes: number | null;
}

export interface ActionView {
  action: 'approve' | 'reject' | 'cancel' | 'confirm' | 'rollback';
  label: string;
  /** What it will do, in a sentence. */
  does: string;
  enabled: boolean;
  /** Why it is greyed, in a sentence; null where it is enabled. */
  why: string | null;
  /** A person can say why. */
  takesReason: boolean;
  /** It changes files of the project: to be asked twice. */
  changesFiles: boolean;
}

/** An event of the machine, and whether it would do something now. */
export interface EventView {
  type: string;
  canBeTaken: boolean;
}

export interface Improvement extends HistoryEntry {
  /** What an approval names: the digest of what is shown here. */
  digest: string;
  files: FileChange[];
  checks: CheckView[];
  approvalRequired: boolean;
  needsRestart: boolean;
  cause: string | null;
  failure: { code: string; message: string; remedy?: string } | null;
  checkpoint: { kind: 'git'; commit: string; notices: string[] } | { kind: 'none'; reason: string } | null;
  rollback: {
    restored: string[];
    kept: string[];
    displaced: { path: string; savedAt: string }[];
    failed: { path: string; reason: string; savedAt: string | null }[];
  } | null;
  signatures: {
    what: 'approved' | 'rejected' | 'confirmed';
    by: string;
    at: string;
    why?: string;
  }[];
  /** The charts it moves through, the first its own. */
  charts: string[];
  actions: ActionView[];
  events: EventView[];
  /** The machine's whole context. */
  context: Json;
}

export type FileSide =
  | { kind: 'absent' }
  | { kind: 'text'; text: string; sizeBytes: number; sha256: string; mode: number }
  | { kind: 'binary'; sizeBytes: number; sha256: string; mode: number }
  /** Text that is too long to show. */
  | { kind: 'too_large'; sizeBytes: number; sha256: string; mode: number }
  | { kind: 'symlink'; target: string }
  /** Not known yet, or not kept any more. */
  | { kind: 'unknown'; why: string };

export interface FileContents {
  index: number;
  path: string;
  before: FileSide;
  after: FileSide;
}

export interface LogPage {
  /** Whole characters, and whole lines where there are any. */
  text: string;
  /** Where `text` begins and ends in the file. */
  fromBytes: number;
  toBytes: number;
  /** The size of the file when it was read. */
  sizeBytes: number;
}
