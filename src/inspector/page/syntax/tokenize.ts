import type { Language } from './language-of.js';

type TokenKind = 'plain' | 'comment' | 'string' | 'number' | 'keyword' | 'name';

export interface Token {
  kind: TokenKind;
  text: string;
}

/** What the next line begins in: a comment or string that is still open. Null for none. */
export type OpenToken = { kind: 'comment' | 'string'; close: string } | null;

/** A line this long is data; colours would cost more than they tell. */
const longestLine = 2_000;

const word = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const number = /(?:0[xob][\da-f_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:e[+-]?\d+)?)n?/iy;
const other = /[^\p{L}\p{N}_$"'`#/<]+|./uy;

/** Cuts one line into coloured pieces that together are the line. */
export function tokenize(
  line: string,
  language: Language,
  open: OpenToken,
): { tokens: Token[]; open: OpenToken } {
  if (line.length > longestLine) return { tokens: [{ kind: 'plain', text: line }], open };
  const tokens: Token[] = [];
  let at = 0;
  const push = (kind: TokenKind, end: number): void => {
    const last = tokens.at(-1);
    if (last?.kind === 'plain' && kind === 'plain') last.text += line.slice(at, end);
    else if (end > at) tokens.push({ kind, text: line.slice(at, end) });
    at = end;
  };
  let still = open;
  while (at < line.length) {
    if (still) {
      const end = endOf(line, at, still);
      push(still.kind, end ?? line.length);
      if (end === null) return { tokens, open: still };
      still = null;
      continue;
    }
    const opened = opening(line, at, language);
    if (opened?.close === null) push(opened.kind, line.length);
    else if (opened) {
      const end = endOf(line, at + opened.length, { kind: opened.kind, close: opened.close });
      push(opened.kind, end ?? line.length);
      if (end === null && opened.isLong) return { tokens, open: { kind: opened.kind, close: opened.close } };
    } else plainToken(line, at, language, push);
  }
  return { tokens, open: still };
}

interface Opening {
  kind: 'comment' | 'string';
  length: number;
  /** Null where it goes to the end of the line. */
  close: string | null;
  isLong: boolean;
}

function opening(line: string, at: number, language: Language): Opening | null {
  const startsWith = (text: string) => line.startsWith(text, at);
  const { blockComment } = language;
  if (language.lineComment.some(startsWith))
    return { kind: 'comment', length: 0, close: null, isLong: false };
  if (blockComment && startsWith(blockComment[0])) {
    return { kind: 'comment', length: blockComment[0].length, close: blockComment[1], isLong: true };
  }
  const long = language.longQuotes.find(startsWith);
  if (long !== undefined) return { kind: 'string', length: long.length, close: long, isLong: true };
  const quote = language.quotes.find(startsWith);
  return quote === undefined ? null : { kind: 'string', length: quote.length, close: quote, isLong: false };
}

/** The position after the end, or null where it does not end in this line. */
function endOf(line: string, from: number, { kind, close }: NonNullable<OpenToken>): number | null {
  for (let at = from; at < line.length; at += 1) {
    if (kind === 'string' && line[at] === '\\') at += 1;
    else if (line.startsWith(close, at)) return at + close.length;
  }
  return null;
}

function plainToken(
  line: string,
  at: number,
  { keywords }: Language,
  push: (kind: TokenKind, end: number) => void,
): void {
  const name = matchAt(word, line, at);
  if (name !== null) {
    const isCall = line[at + name.length] === '(';
    push(keywords.has(name) ? 'keyword' : isCall ? 'name' : 'plain', at + name.length);
    return;
  }
  const digits = matchAt(number, line, at);
  if (digits !== null) push('number', at + digits.length);
  else push('plain', at + (matchAt(other, line, at)?.length ?? 1));
}

function matchAt(pattern: RegExp, line: string, at: number): string | null {
  pattern.lastIndex = at;
  const found = pattern.exec(line);
  return found && found[0].length > 0 ? found[0] : null;
}
