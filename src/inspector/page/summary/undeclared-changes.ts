import type { Json } from '../../protocol/session.js';

export interface UndeclaredChange {
  path: string;
  /** What happened to it, and whether it was put back. */
  note: string;
}

/** What changed outside the plan while the checks ran, as the context of the machine has it: the rollback knows most. */
export function undeclaredChanges(context: Json): UndeclaredChange[] {
  const report = at(at(context, 'rollback'), 'undeclared') ?? at(context, 'undeclared');
  const changes = at(report, 'changes');
  if (!Array.isArray(changes)) return [];
  return changes.flatMap((change) => {
    const [path, kind, reason] = [at(change, 'path'), at(change, 'kind'), at(change, 'reason')];
    if (typeof path !== 'string') return [];
    const end =
      at(change, 'restored') === true ? 'put back' : typeof reason === 'string' ? reason : 'left as it is';
    return [{ path, note: `${typeof kind === 'string' ? kind : 'changed'}; ${end}` }];
  });
}

function at(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? (value[key] ?? undefined) : undefined;
}
