import type { DiffLine } from './diff-line.js';
import type { Fold } from './fold-unchanged.js';

/** What stands left and right in one row; null for an empty half. */
export interface Pair {
  kind: 'pair';
  left: DiffLine | null;
  right: DiffLine | null;
}

/** Puts removed lines beside the added ones that replace them. */
export function sideBySide(rows: readonly (DiffLine | Fold)[]): (Pair | Fold)[] {
  const pairs: (Pair | Fold)[] = [];
  let removed: DiffLine[] = [];
  let added: DiffLine[] = [];
  const flush = (): void => {
    for (let row = 0; row < Math.max(removed.length, added.length); row += 1) {
      pairs.push({ kind: 'pair', left: removed[row] ?? null, right: added[row] ?? null });
    }
    removed = [];
    added = [];
  };
  for (const row of rows) {
    if (row.kind === 'removed') removed.push(row);
    else if (row.kind === 'added') added.push(row);
    else {
      flush();
      pairs.push(row.kind === 'fold' ? row : { kind: 'pair', left: row, right: row });
    }
  }
  flush();
  return pairs;
}
