import type { DiffLine } from './diff-line.js';

/** Unchanged lines that are not shown; `from` is the position of the first in the whole comparison. */
export interface Fold {
  kind: 'fold';
  from: number;
  lines: DiffLine[];
}

const contextLines = 3;

/** Folds what is unchanged and far from any change. A fold whose position is in `opened` stays open. */
export function foldUnchanged(lines: readonly DiffLine[], opened: ReadonlySet<number>): (DiffLine | Fold)[] {
  const isNear = nearChanges(lines);
  const rows: (DiffLine | Fold)[] = [];
  let at = 0;
  while (at < lines.length) {
    const from = at;
    while (at < lines.length && !isNear[at]) at += 1;
    const far = lines.slice(from, at);
    // One line takes as much room as the fold that would hide it.
    if (far.length === 1 || opened.has(from)) rows.push(...far);
    else if (far.length > 0) rows.push({ kind: 'fold', from, lines: far });
    while (at < lines.length && isNear[at]) rows.push(lines[at++]!);
  }
  return rows;
}

function nearChanges(lines: readonly DiffLine[]): boolean[] {
  const isNear = lines.map(() => false);
  lines.forEach(({ kind }, index) => {
    if (kind === 'same') return;
    const last = Math.min(index + contextLines, lines.length - 1);
    for (let near = Math.max(index - contextLines, 0); near <= last; near += 1) isNear[near] = true;
  });
  return isNear;
}
