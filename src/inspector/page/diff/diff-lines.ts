import { diffLines as compare } from 'diff';
import type { DiffLine } from './diff-line.js';

/** After this long, two texts count as wholly different: the page must not stand still. */
const timeoutMs = 1_500;

/** Two texts, line by line. */
export function diffLines(before: string, after: string): DiffLine[] {
  const parts = compare(before, after, { timeout: timeoutMs }) ?? [
    { value: before, removed: true, added: false },
    { value: after, removed: false, added: true },
  ];
  let oldNumber = 0;
  let newNumber = 0;
  return parts.flatMap(({ value, added, removed }) =>
    linesOf(value).map((text): DiffLine => {
      if (added) return { kind: 'added', text, oldNumber: null, newNumber: ++newNumber };
      if (removed) return { kind: 'removed', text, oldNumber: ++oldNumber, newNumber: null };
      return { kind: 'same', text, oldNumber: ++oldNumber, newNumber: ++newNumber };
    }),
  );
}

function linesOf(text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
