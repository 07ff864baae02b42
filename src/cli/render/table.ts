import { displayWidth } from './fit.js';

/** A cell as it is measured, and how it is painted after that. */
export type Cell = string | { text: string; paint: (text: string) => string };

/** Rows with aligned columns, two blanks between them and in front. */
export function table(rows: readonly (readonly Cell[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, displayWidth(textOf(cell)));
    });
  }
  return rows.map((row) =>
    `  ${row.map((cell, index) => padded(cell, widths[index] ?? 0)).join('  ')}`.trimEnd(),
  );
}

const textOf = (cell: Cell) => (typeof cell === 'string' ? cell : cell.text);

function padded(cell: Cell, width: number): string {
  const text = textOf(cell);
  const painted = typeof cell === 'string' ? text : cell.paint(text);
  return painted + ' '.repeat(Math.max(0, width - displayWidth(text)));
}
