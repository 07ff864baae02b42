import { MoultError } from '../errors/moult-error.js';
import { fitLineEnds, lineEndsOf } from './line-ends.js';
import { parsePatch, type Hunk } from './parse-patch.js';

const byteOrderMark = '\uFEFF';

/**
 * Applies a unified diff exactly: all lines of a hunk must be there, none is guessed. A hunk may have moved, as long as
 * there is just one other place it fits. Where the file has only one kind of line end and the patch only the other, or
 * the patch leaves out the file's byte order mark, the file's own stay.
 *
 * @throws MoultError PATCH_REJECTED with the number of the hunk.
 */
export function applyPatch(path: string, text: string, patch: string): string {
  const fromWindows = lineEndsOf(patch) === 'windows';
  const hunks = parsePatch(path, fromWindows ? patch.replaceAll('\r\n', '\n') : patch);
  const mark = text.startsWith(byteOrderMark) && !mentionsMark(hunks) ? byteOrderMark : '';
  const body = text.slice(mark.length);
  return mark + applyHunks(path, body, fitLineEnds(hunks, lineEndsOf(body), fromWindows));
}

function applyHunks(path: string, text: string, hunks: readonly Hunk[]): string {
  const lines = text === '' ? [] : text.split(/(?<=\n)/);
  const pieces: string[][] = [];
  let done = 0;
  let shift = 0;
  for (const [position, hunk] of hunks.entries()) {
    const at = locate(lines, hunk, done, hunk.start + shift);
    if (typeof at === 'string') throw rejected(path, position, at);
    pieces.push(lines.slice(done, at), hunk.newLines);
    done = at + hunk.oldLines.length;
    shift = at - hunk.start;
  }
  return joined(path, [...pieces, lines.slice(done)].flat());
}

function joined(path: string, lines: readonly string[]): string {
  if (lines.slice(0, -1).every((line) => line.endsWith('\n'))) return lines.join('');
  throw new MoultError('PATCH_REJECTED', { path, reason: 'it leaves a line without an end inside the file' });
}

/** Where the hunk fits, at or after line `from`; else why it does not. */
function locate(lines: readonly string[], { oldLines }: Hunk, from: number, stated: number): number | string {
  const last = lines.length - oldLines.length;
  const fits = (at: number) => oldLines.every((line, position) => lines[at + position] === line);
  if (stated >= from && stated <= last && fits(stated)) return stated;
  if (oldLines.length === 0) return 'inserts at a line that is not there';
  const places: number[] = [];
  for (let at = from; at <= last && places.length < 2; at++) if (fits(at)) places.push(at);
  if (places.length > 1) return 'fits in more than one place, but not at the line it names';
  return places[0] ?? 'does not match the file';
}

function rejected(path: string, position: number, reason: string): MoultError {
  return new MoultError('PATCH_REJECTED', { path, reason: `hunk ${position + 1} ${reason}` });
}

function mentionsMark(hunks: readonly Hunk[]): boolean {
  return hunks.some(({ oldLines, newLines }) =>
    [oldLines[0], newLines[0]].some((line) => line?.startsWith(byteOrderMark)),
  );
}
