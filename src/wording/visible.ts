import { stripVTControlCharacters } from 'node:util';

/**
 * Control characters, those that reorder or hide text or are not drawn, white space that looks like a blank and is none,
 * and halves of characters. A variation selector after the picture that it colours is what it is for.
 */
const hidden =
  /(?!(?<=\p{Extended_Pictographic})\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u1680\u2000-\u200a\u202f\u205f\u2800]/gu;
const names: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '\\x1b' };

/**
 * Text of unknown origin for a terminal: what the terminal would obey, and what an eye would not see, is written out.
 * Line ends and tabs stay.
 */
export function visible(text: string): string {
  return text.replace(hidden, (character) =>
    character === '\n' || character === '\t' ? character : writtenOut(character),
  );
}

/** The same for a path or a title, which must stay on one line. */
export function visibleLine(text: string): string {
  return text.replace(hidden, writtenOut);
}

/** The same for what a program printed: its colours are left out, not written out. */
export function visibleOutput(text: string): string {
  return visible(stripVTControlCharacters(text).replace(/\r\n?/g, '\n'));
}

function writtenOut(character: string): string {
  return names[character] ?? `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
