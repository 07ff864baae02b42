import { secretMark } from './secret-mark.js';
import { privateKeyBegins, privateKeyEnds } from './token-patterns.js';

/** Private keys in a text; of one that does not end, all that follows. In linear time, whatever the text. */
export function maskPrivateKeys(text: string): string {
  const pieces: string[] = [];
  let rest = text;
  for (let begin = privateKeyBegins.exec(rest); begin; begin = privateKeyBegins.exec(rest)) {
    pieces.push(rest.slice(0, begin.index), secretMark);
    rest = rest.slice(begin.index + begin[0].length);
    const end = privateKeyEnds.exec(rest);
    rest = end ? rest.slice(end.index + end[0].length) : '';
  }
  return pieces.length === 0 ? text : pieces.join('') + rest;
}
