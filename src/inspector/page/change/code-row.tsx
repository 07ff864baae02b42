import type { JSX } from 'preact';
import { changedPart, type Part } from '../diff/changed-part.js';
import type { DiffLine } from '../diff/diff-line.js';
import type { Fold } from '../diff/fold-unchanged.js';
import type { Pair } from '../diff/side-by-side.js';
import { count } from '../../../wording/count.js';
import { visible } from '../text/visible.js';
import type { Colours } from './colour-lines.js';

const signs = { same: ' ', added: '+', removed: '−' } as const;
const words = { same: '', added: 'added', removed: 'removed' } as const;

export function FoldRow({ fold, onOpen }: { fold: Fold; onOpen: (from: number) => void }): JSX.Element {
  return (
    <div class="code-row fold">
      <button type="button" onClick={() => onOpen(fold.from)}>
        Show {count(fold.lines.length, 'unchanged line')}
      </button>
    </div>
  );
}

interface UnifiedProps {
  line: DiffLine;
  colours: Colours;
  /** A whole file: nothing is marked. */
  isPlain: boolean;
}

export function UnifiedRow({ line, colours, isPlain }: UnifiedProps): JSX.Element {
  const kind = isPlain ? 'same' : line.kind;
  return (
    <div class={`code-row ${kind}`}>
      <span class="line-number">{line.oldNumber ?? ''}</span>
      <span class="line-number">{line.newNumber ?? ''}</span>
      <Sign kind={kind} />
      <Code line={line} colours={colours} part={null} />
    </div>
  );
}

export function SplitRow({ pair: { left, right }, colours }: { pair: Pair; colours: Colours }): JSX.Element {
  const parts = left && right && left !== right ? changedPart(left.text, right.text) : null;
  return (
    <div class="code-row two">
      <Half line={left} number={left?.oldNumber} colours={colours} part={parts?.before ?? null} />
      <Half line={right} number={right?.newNumber} colours={colours} part={parts?.after ?? null} />
    </div>
  );
}

interface HalfProps {
  line: DiffLine | null;
  number: number | null | undefined;
  colours: Colours;
  part: Part | null;
}

function Half({ line, number, colours, part }: HalfProps): JSX.Element {
  if (line === null) return <span class="half none" />;
  return (
    <span class={`half ${line.kind}`}>
      <span class="line-number">{number ?? ''}</span>
      <Sign kind={line.kind} />
      <Code line={line} colours={colours} part={part} />
    </span>
  );
}

/** A sign for the eye, a word for the ear. */
function Sign({ kind }: { kind: DiffLine['kind'] }): JSX.Element {
  return (
    <span class="sign">
      <span aria-hidden="true">{signs[kind]}</span>
      {kind === 'same' ? null : <span class="hidden-text">{words[kind]}: </span>}
    </span>
  );
}

function Code({ line, colours, part }: { line: DiffLine; colours: Colours; part: Part | null }): JSX.Element {
  const tokens = colours.get(line) ?? [{ kind: 'plain' as const, text: line.text }];
  let at = 0;
  const pieces = tokens.flatMap(({ kind, text }) => {
    const start = at;
    at += text.length;
    return cutAt(text, start, part).map(({ text: piece, isMarked }, index) => (
      <span
        key={`${start}-${index}`}
        class={`${kind === 'plain' ? '' : `code-${kind}`}${isMarked ? ' marked' : ''}`}
      >
        {visible(piece)}
      </span>
    ));
  });
  return (
    <code class="code">
      <span class="shift">{pieces}</span>
    </code>
  );
}

function cutAt(text: string, start: number, part: Part | null): { text: string; isMarked: boolean }[] {
  if (part === null) return [{ text, isMarked: false }];
  const from = Math.min(Math.max(part.start - start, 0), text.length);
  const to = Math.min(Math.max(part.end - start, from), text.length);
  return [
    { text: text.slice(0, from), isMarked: false },
    { text: text.slice(from, to), isMarked: true },
    { text: text.slice(to), isMarked: false },
  ].filter((piece) => piece.text !== '');
}
