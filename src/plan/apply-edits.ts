import { MoultError } from '../errors/moult-error.js';
import type { TextEdit } from '../improvement.js';

/**
 * Applies the edits one after the other, each to the text the last one left.
 *
 * @throws MoultError EDIT_NOT_UNIQUE where an `oldText` does not occur exactly once at that moment; overlapping
 * occurrences count too.
 */
export function applyEdits(path: string, text: string, edits: readonly TextEdit[]): string {
  return edits.reduce((current, { oldText, newText }, position) => {
    const first = current.indexOf(oldText);
    if (first === -1 || current.indexOf(oldText, first + 1) !== -1) {
      const count = countOccurrences(current, oldText);
      throw new MoultError('EDIT_NOT_UNIQUE', { path, edit: position + 1, count, oldText });
    }
    // Not `replace`: it reads `$&` and the like in the new text.
    return current.slice(0, first) + newText + current.slice(first + oldText.length);
  }, text);
}

/** Knuth, Morris and Pratt: in linear time also where a part overlaps itself all over a large file. */
function countOccurrences(text: string, part: string): number {
  const fallback = borders(part);
  let count = 0;
  let matched = 0;
  for (let at = 0; at < text.length; at++) {
    while (matched > 0 && (matched === part.length || part[matched] !== text[at]))
      matched = fallback[matched]!;
    if (part[matched] === text[at]) matched++;
    if (matched === part.length) count++;
  }
  return count;
}

/** For each length of a beginning of `part`, the longest shorter beginning it ends with. */
function borders(part: string): Int32Array {
  const border = new Int32Array(part.length + 1);
  for (let length = 2, matched = 0; length <= part.length; length++) {
    while (matched > 0 && part[matched] !== part[length - 1]) matched = border[matched]!;
    if (part[matched] === part[length - 1]) matched++;
    border[length] = matched;
  }
  return border;
}
