import { stripVTControlCharacters } from 'node:util';
import { visibleLine } from '../../wording/visible.js';

const keptCharacters = 2_000;

/** The last line with something in it of what a program has printed so far. */
export class LastLine {
  private text = '';
  private decoder = new TextDecoder();

  clear(): void {
    this.text = '';
    this.decoder = new TextDecoder();
  }

  append(chunk: Uint8Array): string {
    const newest = this.decoder.decode(chunk, { stream: true }).slice(-keptCharacters);
    this.text = (this.text + newest).slice(-keptCharacters);
    // A carriage return begins the line anew, as progress bars do.
    const lines = stripVTControlCharacters(this.text).split(/[\r\n]/);
    return visibleLine(lines.findLast((line) => line.trim() !== '')?.trim() ?? '');
  }
}
