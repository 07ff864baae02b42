import { secretMark } from './secret-mark.js';
import { privateKeyBegins, privateKeyEnds } from './token-patterns.js';

const longestKey = 20_000;
const begins = new RegExp(privateKeyBegins, 'g');
const ends = new RegExp(privateKeyEnds, 'y');
/** Of a key that was cut off, what is certainly of it. */
const cutOff = /(?:[\s\\nr+-]{0,6}[A-Za-z0-9+/=]{20,100})*/y;

/** Private keys in a text, and the beginnings of such. In linear time, whatever the text. */
export function maskPrivateKeys(text: string): string {
  const pieces: string[] = [];
  let done = 0;
  for (const { 0: line, index } of text.matchAll(begins)) {
    if (index < done) continue;
    pieces.push(text.slice(done, index), secretMark);
    done = endOfKey(text, index + line.length);
  }
  return done === 0 ? text : pieces.join('') + text.slice(done);
}

function endOfKey(text: string, from: number): number {
  // Nothing else in a key has so many dashes.
  const dashes = text.indexOf('-----', from);
  ends.lastIndex = dashes;
  if (dashes !== -1 && dashes - from <= longestKey && ends.test(text)) return ends.lastIndex;
  cutOff.lastIndex = from;
  cutOff.test(text);
  return Math.max(from, cutOff.lastIndex);
}
