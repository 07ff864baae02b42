import type { PlannedChange, ValidationCheck } from '../improvement.js';

/** What stands at a path: nothing, a regular file, or a symbolic link. */
export type FileImage =
  | { kind: 'absent' }
  | { kind: 'file'; sha256: string; mode: number; sizeBytes: number }
  | { kind: 'symlink'; target: string };

export type RiskLevel = 'low' | 'medium' | 'high' | 'critical';

export interface FileRisk {
  path: string;
  level: RiskLevel;
  /** In words; empty for `low`. */
  reasons: string[];
}

/** One path of the plan. */
export interface PlannedPath {
  /** Relative to the project root, normalised, with forward slashes. */
  path: string;
  before: FileImage;
  /**
   * What shall stand there after. Null where nothing is planned for the path itself (a mere target, only backed up), or
   * where the editor supplies it when the improvement is executed.
   */
  after: FileImage | null;
  /**
   * Where the bytes after come from: `planned` lies beside the plan, `before` stays as it was (a change of mode only),
   * `editor` comes at execute. Null where there are none.
   */
  source: 'planned' | 'before' | 'editor' | null;
  /** Position in `changes`; null for a mere target. */
  change: number | null;
}

/** The entrance by which a plan came. It is given by the entrance itself and never by a request. */
export type PlanOrigin = 'library' | 'cli' | 'mcp' | 'inspector';

/**
 * What is done about changes outside the plan while the checks ran. `restore`: a rollback puts them back; `report`: they
 * are only named; `refuse`: they make the improvement fail, and are put back.
 */
export type UndeclaredPolicy = 'restore' | 'report' | 'refuse';

/** Everything that was decided before anything was touched. Immutable, and named by its digest. */
export interface Plan {
  taskId: string;
  /** ISO 8601. */
  createdAt: string;
  description: string;
  /** Absent in plans from before there were origins: `library`. */
  origin?: PlanOrigin;
  /** The project root, relative to the top of the working tree; empty for the top itself. */
  root: string;
  /** The request without the contents, which lie beside the plan as blobs. */
  changes: Pick<PlannedChange, 'file' | 'type' | 'description' | 'risk' | 'mode'>[];
  paths: PlannedPath[];
  risk: RiskLevel;
  fileRisks: FileRisk[];
  requiresRestart: boolean;
  /** `requiresRestart`, or a planned path matches a restart trigger of the configuration. */
  needsRestart: boolean;
  skipTests: boolean;
  approvalRequired: boolean;
  /** After the restart somebody must confirm that the new version is good. */
  confirmationRequired: boolean;
  restartDelayMs: number;
  /** What recovery does with this improvement when its process is gone. */
  onInterrupted: 'rollback' | 'resume';
  /**
   * What will judge the change, as the configuration had it when the plan was made. Secret values of variables are not
   * kept: they are taken from the configuration, whose hash is below.
   */
  checks: ValidationCheck[];
  /** Globs of paths that the checks may write, as the configuration had them. Absent in older plans: none. */
  artifacts?: string[];
  /** What is done about other changes outside the plan. Absent in older plans: `restore`. */
  undeclared?: UndeclaredPolicy;
  /** SHA-256 of the configuration the plan was made under: under another one it is not executed. */
  configHash: string;
  /** SHA-256 of the scripts of package.json that the checks run; likewise. */
  scriptsHash?: string;
  /** SHA-256 over everything above and the planned contents. */
  digest: string;
}
