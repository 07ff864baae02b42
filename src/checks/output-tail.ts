const maxCharacters = 4_000;
const maxLines = 60;
/** More bytes than the kept characters can take up in UTF-8. */
const maxChunkBytes = 4 * maxCharacters;

/** The last lines of what a program wrote to both its streams, in the order in which it came. */
export class OutputTail {
  #text = '';
  /** A character may be split between two chunks of its stream, with a chunk of the other one between them. */
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };

  append(chunk: Uint8Array, stream: 'stdout' | 'stderr'): void {
    const newest = chunk.length > maxChunkBytes ? chunk.subarray(-maxChunkBytes) : chunk;
    this.#text += this.#decoders[stream].decode(newest, { stream: true });
    if (this.#text.length > 4 * maxCharacters) this.#text = this.#text.slice(-2 * maxCharacters);
  }

  /** At most 4,000 characters and 60 lines, whole characters only. To be called once, at the end. */
  toString(): string {
    const text = this.#text + this.#decoders.stdout.decode() + this.#decoders.stderr.decode();
    return lastLines(lastCharacters(text));
  }
}

/** Does not begin with the second half of a surrogate pair. */
function lastCharacters(text: string): string {
  const last = text.slice(-maxCharacters);
  return last.length < text.length ? last.replace(/^[\uDC00-\uDFFF]/, '') : last;
}

function lastLines(text: string): string {
  const lines = text.split('\n');
  // The line end at the very end begins no line.
  const count = text.endsWith('\n') ? maxLines + 1 : maxLines;
  return lines.slice(-count).join('\n');
}
