import { parsePatch as parseUnifiedDiff, type StructuredPatch } from 'diff';
import { MoultError } from '../errors/moult-error.js';

/** One hunk. Its lines carry their line ends; only a last line of the file may have none. */
export interface Hunk {
  /** The first line, counted from 0. */
  start: number;
  oldLines: string[];
  newLines: string[];
}

/**
 * Reads a unified diff for one file. What would not be applied (a change of mode, lines in no hunk) is refused, not
 * passed over.
 *
 * @throws MoultError PATCH_REJECTED
 */
export function parsePatch(path: string, patch: string): Hunk[] {
  // `git format-patch` ends with a signature, which reads like one more deleted line.
  const body = patch.replace(/\n-- \n\d[^\n]*\n*$/, '\n');
  const files = readDiff(path, body);
  const reason = files.length > 1 ? 'it is for more than one file' : problem(path, body, files[0]);
  if (reason !== null) throw new MoultError('PATCH_REJECTED', { path, reason });
  return files.flatMap((file) => file.hunks).map(toHunk);
}

function readDiff(path: string, patch: string): StructuredPatch[] {
  try {
    return parseUnifiedDiff(patch);
  } catch (cause) {
    const reason = `it cannot be read: ${(cause as Error).message}`;
    throw new MoultError('PATCH_REJECTED', { path, reason }, { cause });
  }
}

function problem(path: string, patch: string, file: StructuredPatch | undefined): string | null {
  if (file === undefined) return 'it is empty';
  const names = [file.oldFileName, file.newFileName, file.index].filter((name) => name !== undefined);
  if (names.includes('/dev/null') || file.isCreate || file.isDelete) return 'it creates or deletes the file';
  const other = names.find((name) => !isNameOf(path, name));
  if (other !== undefined) return `it is for ${JSON.stringify(other)}`;
  if (file.oldMode !== undefined || file.newMode !== undefined) {
    return 'it changes the mode: take those lines out and give the change a `mode`';
  }
  if (file.isBinary) return 'it is for a binary file';
  if (file.hunks.length === 0) return 'it has no hunks';
  if (!file.hunks.every((hunk) => Number.isSafeInteger(hunk.oldStart)))
    return 'a hunk does not say at which line';
  return hasStrayLines(patch, file) ? 'some of its lines are in no hunk' : null;
}

/** With or without the `a/` and `b/` that git puts before a name. */
function isNameOf(path: string, header: string): boolean {
  const plain = (name: string) =>
    name
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .join('/');
  return [plain(header), plain(header).replace(/^[abciow]\//, '')].includes(plain(path));
}

/** The parser skips what it does not know after a hunk: half of a patch with a wrong line count would be lost. */
function hasStrayLines(patch: string, file: StructuredPatch): boolean {
  const lines = patch.split('\n');
  const fromFirstHunk = lines.slice(lines.findIndex((line) => line.startsWith('@@')));
  const written = fromFirstHunk.filter((line) => line !== '' && line !== '\r').length;
  const parsed = file.hunks.flatMap((hunk) => hunk.lines).filter((line) => line !== '').length;
  return written !== parsed + file.hunks.length;
}

function toHunk({ oldStart, lines }: StructuredPatch['hunks'][number]): Hunk {
  return { start: oldStart - 1, oldLines: side(lines, '+'), newLines: side(lines, '-') };
}

/** A line that begins with a backslash says that the one before it has no line end. */
function side(lines: readonly string[], left: '+' | '-'): string[] {
  return lines.flatMap((line, position) => {
    if (line.startsWith('\\') || line.startsWith(left)) return [];
    return [line.slice(1) + (lines[position + 1]?.startsWith('\\') ? '' : '\n')];
  });
}
