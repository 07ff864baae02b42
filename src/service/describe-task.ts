import type {
  Checkpoint,
  CheckResult,
  RollbackReport,
  UndeclaredReport,
} from '../../machines/improvement-types.js';
import type { ImprovementResult, ImprovementSummary, SelfImprovementState } from '../improvement.js';
import type { Plan } from '../plan/plan.js';
import type { Standing } from '../notify/milestones-between.js';
import type { TaskFolder } from '../store/task-folder.js';
import { improvementResult } from './improvement-result.js';
import type { TaskRecord } from './load-task.js';
import { isFinal, isResting, statusOf } from './state-path.js';

/** Everything there is to know of one improvement. */
export interface ImprovementDetails extends ImprovementSummary {
  plan: Plan;
  digest: string;
  highRiskFiles: string[];
  checks: CheckResult[];
  /** What changed outside the plan while they ran; null before that is known. */
  undeclared: UndeclaredReport | null;
  checkpoint: Checkpoint | null;
  rollback: RollbackReport | null;
  /** Null while it is under way. */
  result: ImprovementResult | null;
  /** Its process is gone, and it is neither ended nor waiting: it needs `recover`. */
  interrupted: boolean;
  /** Absolute: where its before-images, logs and journal lie. */
  folder: string;
}

export function summarise({ plan, standing, savedAt }: TaskRecord): ImprovementSummary {
  return {
    taskId: plan.taskId,
    description: plan.description,
    status: statusOf(standing.state),
    state: standing.state,
    risk: plan.risk,
    files: plan.paths.length,
    createdAt: plan.createdAt,
    updatedAt: savedAt,
  };
}

export function describe(record: TaskRecord, folder: TaskFolder, lockIsHeld: boolean): ImprovementDetails {
  const { plan, standing } = record;
  const { state, context } = standing;
  return {
    ...summarise(record),
    plan,
    digest: plan.digest,
    highRiskFiles: plan.fileRisks
      .filter(({ level }) => level === 'high' || level === 'critical')
      .map(({ path }) => path),
    checks: context.checks,
    undeclared: context.undeclared ?? null,
    checkpoint: context.checkpoint,
    rollback: context.rollback,
    result:
      isFinal(state) || state === 'rollback_failed' || state === 'awaiting_confirmation'
        ? improvementResult(plan, standing)
        : null,
    interrupted: !isResting(state) && !lockIsHeld,
    folder: folder.path,
  };
}

/** The seed's view of an improvement. */
export function selfImprovementState(
  plan: Plan,
  { state, context }: Standing,
  folder: TaskFolder,
): SelfImprovementState {
  const results = new Map(context.checks.map((result) => [result.name, result]));
  const commit = context.checkpoint?.kind === 'git' ? context.checkpoint.commit : undefined;
  return {
    currentTask: {
      id: plan.taskId,
      description: plan.description,
      targetFiles: plan.paths.map(({ path }) => path),
      plannedChanges: plan.changes,
      status: statusOf(state),
    },
    validationChecks: plan.checks.map((check) => {
      const result = results.get(check.name);
      return result ? { ...check, passed: result.status === 'passed', output: result.output } : { ...check };
    }),
    backup: {
      id: `backup-${plan.taskId}`,
      createdAt: plan.createdAt,
      files: plan.paths.flatMap(({ path, before }, index) =>
        before.kind === 'absent'
          ? []
          : [
              {
                path,
                backupPath: folder.before(index),
                checksum: before.kind === 'file' ? before.sha256 : before.target,
              },
            ],
      ),
      ...(commit ? { gitCommit: commit } : {}),
    },
  };
}
