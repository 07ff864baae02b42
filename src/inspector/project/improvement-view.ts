import type { TaskRecord } from '../../service/load-task.js';
import type { Plan } from '../../plan/plan.js';
import { boundedJson } from '../../store/bounded-json.js';
import { octal } from '../../wording/octal.js';
import type { CheckView, FileChange, HistoryEntry, Improvement } from '../protocol/improvement.js';
import { offeredActions, offeredEvents } from './offered-actions.js';

interface Facts {
  record: TaskRecord;
  entry: HistoryEntry;
  checks: CheckView[];
  /** Why nothing can be done from here; null where it can. */
  offReason: string | null;
}

/** Everything about one improvement but its timeline and the bytes of its files. */
export function improvementView({ record, entry, checks, offReason }: Facts): Improvement {
  const { plan, standing } = record;
  const { context } = standing;
  const signatures = [
    { what: 'approved', decision: context.approval },
    { what: 'rejected', decision: context.rejection },
    { what: 'confirmed', decision: context.confirmation },
  ] as const;
  return {
    ...entry,
    digest: plan.digest,
    files: fileChanges(plan),
    checks,
    approvalRequired: plan.approvalRequired,
    needsRestart: plan.needsRestart,
    cause: context.cause,
    failure: context.failure ?? context.rollbackFailure,
    checkpoint: context.checkpoint,
    rollback: context.rollback,
    signatures: signatures.flatMap(({ what, decision }) => (decision ? [{ what, ...decision }] : [])),
    charts: plan.needsRestart ? ['improvement', 'restart'] : ['improvement'],
    actions: offeredActions(standing.state, offReason),
    events: offeredEvents(standing),
    context: boundedJson(context, { maxCharacters: 256 * 1024, maxItems: 10_000 }),
  };
}

function fileChanges({ paths, changes, fileRisks }: Plan): FileChange[] {
  const risks = new Map(fileRisks.map((risk) => [risk.path, risk]));
  return paths.map(({ path, before, after, source, change }, index) => {
    const planned = change === null ? null : changes[change]!;
    const risk = risks.get(path);
    return {
      index,
      path,
      type: planned?.type ?? 'target',
      description: planned?.description ?? null,
      risk: risk?.level ?? 'low',
      reasons: risk?.reasons ?? [],
      before,
      after: after ?? (source === 'before' ? before : null),
      modeBefore: before.kind === 'file' ? octal(before.mode) : null,
      modeAfter: after?.kind === 'file' ? octal(after.mode) : null,
    };
  });
}
