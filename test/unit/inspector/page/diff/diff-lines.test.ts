import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DiffLine } from '../../../../../src/inspector/page/diff/diff-line.js';
import { diffLines } from '../../../../../src/inspector/page/diff/diff-lines.js';
import { foldUnchanged } from '../../../../../src/inspector/page/diff/fold-unchanged.js';
import { sideBySide } from '../../../../../src/inspector/page/diff/side-by-side.js';

const compact = (lines: readonly DiffLine[]) =>
  lines.map(({ kind, text, oldNumber, newNumber }) => [kind, text, oldNumber, newNumber]);
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join('');
const none = new Set<number>();

describe('a comparison by lines', () => {
  it('numbers each line in the text it is in', () => {
    expect(compact(diffLines('a\nb\nc\n', 'a\nx\ny\nc\n'))).toEqual([
      ['same', 'a', 1, 1],
      ['removed', 'b', 2, null],
      ['added', 'x', null, 2],
      ['added', 'y', null, 3],
      ['same', 'c', 3, 4],
    ]);
  });

  it('of a new file is all added, of an empty one nothing', () => {
    expect(compact(diffLines('', 'a\n'))).toEqual([['added', 'a', null, 1]]);
    expect(diffLines('', '')).toEqual([]);
  });

  it('gives back both texts', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
      .map((lines) => lines.map((line) => `${line}\n`).join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after);
        const side = (without: DiffLine['kind']) =>
          lines
            .filter(({ kind }) => kind !== without)
            .map((line) => `${line.text}\n`)
            .join('');
        expect(side('added')).toBe(before);
        expect(side('removed')).toBe(after);
      }),
    );
  });
});

describe('folding', () => {
  const lines = diffLines(numbered(1, 40), numbered(1, 19) + 'changed\n' + numbered(21, 40));

  it('leaves three lines around a change', () => {
    expect(
      foldUnchanged(lines, none).map((row) => (row.kind === 'fold' ? row.lines.length : row.text)),
    ).toEqual([
      16,
      ...['line 17', 'line 18', 'line 19', 'line 20', 'changed', 'line 21', 'line 22', 'line 23'],
      17,
    ]);
  });

  it('opens the fold that was asked for', () => {
    const rows = foldUnchanged(lines, new Set([0]));
    expect(rows[0]).toMatchObject({ kind: 'same', text: 'line 1' });
    expect(rows.at(-1)).toMatchObject({ kind: 'fold' });
  });
});

describe('side by side', () => {
  it('stands a removed line beside the one that replaces it', () => {
    const pairs = sideBySide(diffLines('a\nb\nc\n', 'a\nx\ny\nc\n'));
    expect(pairs.map((row) => (row.kind === 'pair' ? [row.left?.text, row.right?.text] : []))).toEqual([
      ['a', 'a'],
      ['b', 'x'],
      [undefined, 'y'],
      ['c', 'c'],
    ]);
  });
});
