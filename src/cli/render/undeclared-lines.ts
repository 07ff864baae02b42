import type { UndeclaredReport } from '../../../machines/improvement-types.js';
import { count } from '../../wording/count.js';
import { visibleLine } from '../../wording/visible.js';
import type { Style } from './style.js';
import { table, type Cell } from './table.js';

const shownChanges = 20;

/** What changed outside the plan while the checks ran; nothing where nothing did. */
export function undeclaredLines(report: UndeclaredReport | null | undefined, style: Style): string[] {
  if (!report) return [];
  const { changes, more, unknown } = report;
  if (unknown !== null)
    return [
      style.yellow(
        `What the checks changed outside the plan could not be found out: ${visibleLine(unknown)}`,
      ),
    ];
  if (changes.length === 0) return [];
  const shown = changes.slice(0, shownChanges);
  const hidden = changes.length + more - shown.length;
  return [
    style.yellow('Changed outside the plan while the checks ran:'),
    ...table(
      shown.map(({ path, kind, restored, reason }): Cell[] => [
        kind,
        visibleLine(path),
        { text: outcome(restored, reason), paint: style.dim },
      ]),
    ),
    ...(hidden > 0 ? [`  … and ${count(hidden, 'more file')}`] : []),
  ];
}

function outcome(restored: boolean, reason: string | undefined): string {
  if (restored) return 'put back';
  return reason === undefined ? 'left' : `left: ${visibleLine(reason)}`;
}
