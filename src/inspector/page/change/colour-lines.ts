import type { DiffLine } from '../diff/diff-line.js';
import { languageOf } from '../syntax/language-of.js';
import { tokenize, type OpenToken, type Token } from '../syntax/tokenize.js';

/** More lines than this are shown without colours: they would cost more than they tell. */
const mostLines = 20_000;

export type Colours = ReadonlyMap<DiffLine, readonly Token[]>;

/** Cuts each line into coloured pieces; the old text and the new each have their own open comments and strings. */
export function colourLines(lines: readonly DiffLine[], path: string): Colours {
  if (lines.length > mostLines) return new Map();
  const language = languageOf(path);
  const colours = new Map<DiffLine, readonly Token[]>();
  const open: { old: OpenToken; now: OpenToken } = { old: null, now: null };
  for (const line of lines) {
    const result = tokenize(line.text, language, line.kind === 'removed' ? open.old : open.now);
    colours.set(line, result.tokens);
    if (line.kind === 'added') open.now = result.open;
    else if (line.kind === 'removed') open.old = result.open;
    else {
      open.now = result.open;
      // Where both texts are in the same place, both are in the same comment, but for what a change has opened.
      open.old = result.open;
    }
  }
  return colours;
}
