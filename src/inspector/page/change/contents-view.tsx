import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { FileContents, FileSide } from '../../protocol/improvement.js';
import type { DiffLine } from '../diff/diff-line.js';
import { diffLines } from '../diff/diff-lines.js';
import { foldUnchanged } from '../diff/fold-unchanged.js';
import { sideBySide } from '../diff/side-by-side.js';
import { CodeRows } from './code-rows.js';
import { FoldRow, SplitRow, UnifiedRow } from './code-row.js';
import { colourLines } from './colour-lines.js';
import { sideFacts, sideText } from './side-text.js';

export type ContentsMode = 'split' | 'unified' | 'before' | 'after';

/** A file before and after, as text where both are text. */
export function ContentsView({
  contents,
  mode,
}: {
  contents: FileContents;
  mode: ContentsMode;
}): JSX.Element {
  const { before, after, path } = contents;
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set<number>());
  const lines = useMemo(() => linesOf(before, after), [before, after]);
  const colours = useMemo(() => (lines === null ? null : colourLines(lines, path)), [lines, path]);
  const rows = useMemo(() => {
    if (lines === null) return [];
    if (mode === 'before') return lines.filter(({ kind }) => kind !== 'added');
    if (mode === 'after') return lines.filter(({ kind }) => kind !== 'removed');
    const folded = foldUnchanged(lines, opened);
    return mode === 'split' ? sideBySide(folded) : folded;
  }, [lines, mode, opened]);
  if (lines === null || colours === null) return <Facts before={before} after={after} />;
  if (rows.length === 0) return <p class="empty">{emptyText(contents, mode)}</p>;
  const open = (from: number): void => setOpened(new Set([...opened, from]));
  const isWhole = mode === 'before' || mode === 'after';
  return (
    <CodeRows
      label={`${path}: ${mode === 'split' ? 'before and after, side by side' : mode}`}
      columns={mode === 'split' ? 2 : 1}
      count={rows.length}
      longest={lines.reduce((longest, { text }) => Math.max(longest, text.length), 0)}
      row={(index) => {
        const row = rows[index]!;
        if (row.kind === 'fold') return <FoldRow key={index} fold={row} onOpen={open} />;
        if (row.kind === 'pair') return <SplitRow key={index} pair={row} colours={colours} />;
        return <UnifiedRow key={index} line={row} colours={colours} isPlain={isWhole} />;
      }}
    />
  );
}

function linesOf(before: FileSide, after: FileSide): DiffLine[] | null {
  const [old, now] = [sideText(before), sideText(after)];
  return old === null || now === null ? null : diffLines(old, now);
}

function emptyText({ before, after }: FileContents, mode: ContentsMode): string {
  const side = mode === 'before' ? before : after;
  if ((mode === 'before' || mode === 'after') && side.kind === 'absent') return 'There is no such file.';
  return before.kind === 'absent' || after.kind === 'absent'
    ? 'An empty file.'
    : 'Nothing changes in its text.';
}

function Facts({ before, after }: Pick<FileContents, 'before' | 'after'>): JSX.Element {
  return (
    <dl class="facts">
      <dt>Before</dt>
      <dd>{sideFacts(before)}</dd>
      <dt>After</dt>
      <dd>{sideFacts(after)}</dd>
    </dl>
  );
}
