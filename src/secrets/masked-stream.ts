import { secretMark } from './secret-mark.js';
import {
  longestToken,
  privateKeyBegins,
  privateKeyEnds,
  privateKeyLine,
  tokenPattern,
} from './token-patterns.js';

/** A line longer than this is masked in pieces. */
const longestLine = 64 * 1024;
/** What does not end is no private key. */
const longestKeyLines = 400;

/** The secrets that are known, each character one byte of theirs. */
export interface ByteMask {
  /** The longest first. */
  values: readonly string[];
  mask: (text: string) => string;
}

/**
 * Masks the secrets in a stream of bytes, whatever the chunks are: what may be the beginning of a secret is held back
 * until the rest of its line has come. Nothing but secrets is changed, also where the bytes are no text.
 */
export class MaskedStream {
  #waiting = '';
  #keyLines = 0;

  constructor(private readonly secrets: ByteMask) {}

  /** Answers what can be told now. */
  push(chunk: Uint8Array): Buffer {
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    this.#waiting += text;
    const lineEnd = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'));
    if (lineEnd >= 0) return this.#release(this.#waiting.length - text.length + lineEnd + 1);
    const { length } = this.#waiting;
    return length < longestLine + this.#longest() ? Buffer.alloc(0) : this.#release(this.#cut());
  }

  /** The rest. To be called once, at the end. */
  end(): Buffer {
    return this.#release(this.#waiting.length);
  }

  #release(length: number): Buffer {
    const text = this.#waiting.slice(0, length);
    this.#waiting = this.#waiting.slice(length);
    return Buffer.from(this.secrets.mask(this.#withoutKeys(text)), 'latin1');
  }

  #longest(): number {
    return Math.max(longestToken, this.secrets.values[0]?.length ?? 0);
  }

  /** Where a long line can be cut without cutting a secret in two. */
  #cut(): number {
    const text = this.#waiting;
    let cut = text.length - this.#longest();
    for (let before = Infinity; cut < before && cut > 0;) {
      before = cut;
      for (const value of this.secrets.values) {
        const at = text.indexOf(value, Math.max(0, cut - value.length + 1));
        if (at !== -1 && at < cut) cut = at;
      }
      const from = Math.max(0, cut - 2 * longestToken);
      for (const { 0: token, index } of text.slice(from).matchAll(tokenPattern))
        if (from + index < cut && cut < from + index + token.length) cut = from + index;
    }
    return cut > 0 ? cut : text.length;
  }

  #withoutKeys(text: string): string {
    if (this.#keyLines === 0 && !privateKeyBegins.test(text)) return text;
    return text
      .split(/(?<=[\r\n])/)
      .map((line) => this.#withoutKey(line))
      .join('');
  }

  #withoutKey(line: string): string {
    const begins = privateKeyBegins.test(line);
    if (!begins && (this.#keyLines === 0 || !this.#isOfKey(line))) {
      this.#keyLines = 0;
      return line;
    }
    const isOver = privateKeyEnds.test(line);
    this.#keyLines = isOver ? 0 : this.#keyLines + 1;
    return secretMark + (/[\r\n]+$/.exec(line)?.[0] ?? '');
  }

  #isOfKey(line: string): boolean {
    return this.#keyLines <= longestKeyLines && (privateKeyEnds.test(line) || privateKeyLine.test(line));
  }
}
