import { changeKind, type ChangeKind } from '../../plan/change-kind.js';
import type { FileRisk, PlannedPath } from '../../plan/plan.js';
import { count } from '../../wording/count.js';
import { octal } from '../../wording/octal.js';
import type { Style } from './style.js';
import { table, type Cell } from './table.js';
import { visibleLine } from '../../wording/visible.js';

const shownPaths = 40;

/** The changed paths, one a line, with the risk of those that have one. */
export function changeList(
  paths: readonly PlannedPath[],
  fileRisks: readonly FileRisk[],
  words: Record<ChangeKind, string>,
  style: Style,
): string[] {
  const risks = new Map(fileRisks.map((risk) => [risk.path, risk]));
  const changed = paths.filter((planned) => changeKind(planned) !== 'none');
  const rows = changed.slice(0, shownPaths).map((planned): Cell[] => {
    const kind = changeKind(planned);
    const risk = risks.get(planned.path);
    return [
      { text: words[kind], paint: paintOf(kind, style) },
      visibleLine(planned.path) + modes(kind, planned),
      { text: risk && risk.level !== 'low' ? `${risk.level} risk` : '', paint: style.yellow },
    ];
  });
  const more = changed.length - rows.length;
  return more > 0 ? [...table(rows), `  … and ${count(more, 'more file')}`] : table(rows);
}

/** For a plan. */
export const plannedWords: Record<ChangeKind, string> = {
  create: 'create',
  modify: 'modify',
  delete: 'delete',
  mode: 'mode',
  edit: 'edit',
  none: '',
};

/** For what was done. */
export const doneWords: Record<ChangeKind, string> = {
  create: 'created',
  modify: 'modified',
  delete: 'deleted',
  mode: 'mode',
  edit: 'edited',
  none: '',
};

function paintOf(kind: ChangeKind, style: Style): (text: string) => string {
  if (kind === 'create') return style.green;
  return kind === 'delete' ? style.red : style.cyan;
}

/** Where they change. */
function modes(kind: ChangeKind, { before, after }: PlannedPath): string {
  if (kind !== 'modify' && kind !== 'mode') return '';
  if (before.kind !== 'file' || after?.kind !== 'file' || before.mode === after.mode) return '';
  return ` (${octal(before.mode)} to ${octal(after.mode)})`;
}
