import type { ImprovementDetails } from '../../service/describe-task.js';
import { changeKind } from '../../plan/change-kind.js';
import { checkpointCommand } from './checkpoint-command.js';
import { detailsDocument } from './details-document.js';
import type { ShownChange } from './show-lines.js';

/** One improvement for programs with its plan and diffs: what `show --json` calls `task`. */
export function showDocument(details: ImprovementDetails, changes: readonly ShownChange[]): object {
  const { approvalRequired, confirmationRequired, requiresRestart, skipTests, checks } = details.plan;
  return {
    ...detailsDocument(details),
    changes: changes.map(({ planned, risk, description, diff, isMasked = false }) => ({
      path: planned.path,
      kind: changeKind(planned),
      ...(description === undefined ? {} : { description }),
      risk: risk?.level ?? null,
      reasons: risk?.reasons ?? [],
      before: planned.before,
      after: planned.after,
      diff: diff.kind === 'text' ? diff.diff : null,
      masked: isMasked,
    })),
    plan: { approvalRequired, confirmationRequired, requiresRestart, skipTests, checks },
    checkpointCommand: checkpointCommand(details),
  };
}
