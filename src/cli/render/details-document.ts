import type { ImprovementDetails } from '../../service/describe-task.js';
import { logFile } from '../../service/log-file.js';

/** One improvement for programs: what `status --json` calls `task`. */
export function detailsDocument(details: ImprovementDetails): object {
  const { plan, checks, folder } = details;
  const { taskId, description, status, state, risk, highRiskFiles, files, digest, createdAt, updatedAt } =
    details;
  const { interrupted, undeclared, checkpoint, rollback, result } = details;
  return {
    ...{ taskId, description, status, state, interrupted, risk, highRiskFiles, files },
    ...{ createdAt, updatedAt, digest, needsRestart: plan.needsRestart, folder },
    checks: checks.map((check) => ({ ...check, logFile: logFile(check, folder) })),
    ...{ undeclared, checkpoint, rollback, result },
  };
}
