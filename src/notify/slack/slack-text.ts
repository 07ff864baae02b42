import { stripVTControlCharacters } from 'node:util';

/** What no message may hold: control characters but line ends and tabs, and those that turn text around. */

const unseemly =
  /[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text of any origin, fit to be sent: without colours, line ends of one kind, whole characters. */
export function seemly(text: string): string {
  return stripVTControlCharacters(text.replace(/\r\n?/g, '\n')).replace(unseemly, '');
}

/** The beginning, of at most so many characters, with an ellipsis where something is missing. */
export function cut(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  return `${text.slice(0, maxCharacters - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** The end, from the beginning of a line where there is one. */
export function cutFront(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const end = text.slice(1 - maxCharacters).replace(/^[\udc00-\udfff]/, '');
  const line = end.indexOf('\n') + 1;
  return `…${line > 0 && line < end.length / 2 ? end.slice(line) : end}`;
}

/**
 * Text for a field that Slack parses: control sequences are written out, and nobody is called by `@channel` and the like
 * (a zero width space keeps the word from being one).
 */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/@(?=channel|here|everyone)/gi, '@\u200b');
}
