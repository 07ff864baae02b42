import { isUtf8 } from 'node:buffer';
import { createTwoFilesPatch } from 'diff';
import type { ChangeSides, Side } from './read-change.js';
import { octal } from '../wording/octal.js';
import { count } from '../wording/count.js';

const timeoutMs = 5_000;

/** A change as a unified diff, or why there is none. */
export type FileDiff = { kind: 'text'; diff: string } | { kind: 'note'; lines: string[] };

export function fileDiff(file: string, { before, after }: ChangeSides): FileDiff {
  if (after.kind === 'unknown') return note('its content comes from an editor when it is executed');
  const texts = [textOf(before), textOf(after)];
  const [old, now] = texts;
  if (old === undefined || now === undefined) return note(...facts(before, after));
  if (old === now) return note(...modeFacts(before, after));
  const diff = createTwoFilesPatch(
    nameOf('a', file, before),
    nameOf('b', file, after),
    old,
    now,
    undefined,
    undefined,
    {
      context: 3,
      timeout: timeoutMs,
    },
  );
  // Only a comparison that takes too long gives none.
  return diff === undefined
    ? note('too different to be compared', ...facts(before, after))
    : { kind: 'text', diff: modeLine(before, after) + withoutRule(diff) };
}

/** A program that is not one any more, or has become one, is worth a line. */
function modeLine(before: Side, after: Side): string {
  if (after.kind !== 'file') return '';
  if (before.kind === 'file' && before.mode !== after.mode)
    return `mode ${octal(before.mode)} to ${octal(after.mode)}\n`;
  return before.kind !== 'file' && (after.mode & 0o111) !== 0 ? `mode ${octal(after.mode)}\n` : '';
}

const note = (...lines: string[]): FileDiff => ({ kind: 'note', lines });

/** Undefined for what is not text, or not there to be shown. A symbolic link is shown by its target. */
function textOf(side: Side): string | undefined {
  if (side.kind === 'absent') return '';
  if (side.kind === 'symlink') return `-> ${side.target}\n`;
  if (side.kind !== 'file' || side.bytes === null || !isUtf8(side.bytes) || side.bytes.includes(0))
    return undefined;
  return side.bytes.toString('utf8');
}

function nameOf(prefix: string, file: string, side: Side): string {
  return side.kind === 'absent' ? '/dev/null' : `${prefix}/${file}`;
}

/** The rule of equal signs in front is for patches of several files. */
function withoutRule(diff: string): string {
  return diff.replace(/^=+\n/, '');
}

function facts(before: Side, after: Side): string[] {
  return [`before: ${factOf(before)}`, `after:  ${factOf(after)}`];
}

function modeFacts(before: Side, after: Side): string[] {
  if (before.kind === 'absent') return ['an empty file'];
  if (after.kind === 'absent') return ['it was empty'];
  if (before.kind !== 'file' || after.kind !== 'file' || before.mode === after.mode)
    return ['nothing changes'];
  return [`mode ${octal(before.mode)} to ${octal(after.mode)}`];
}

function factOf(side: Side): string {
  if (side.kind === 'absent') return 'no file';
  if (side.kind === 'symlink') return `a symbolic link to ${side.target}`;
  if (side.kind === 'unknown') return 'not known yet';
  const { bytes, sizeBytes, sha256 } = side;
  const kind = bytes === null ? 'not kept any more, ' : isUtf8(bytes) && !bytes.includes(0) ? '' : 'binary, ';
  return `${kind}${count(sizeBytes, 'byte')}, sha256 ${sha256}`;
}
