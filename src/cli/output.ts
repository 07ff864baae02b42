import type { Io } from './io.js';
import { colourIsWanted } from './colour-is-wanted.js';
import type { SecretMasker } from '../secrets/secret-masker.js';
import { createStyle, type Style } from './render/style.js';

export interface OutputOptions {
  json: boolean;
  quiet: boolean;
  /** False with `--no-color`. */
  colour: boolean;
}

type StreamName = 'stdout' | 'stderr';

/** The two streams. What goes wrong with them never stops the work: a rollback goes on when nobody reads any more. */
export class Output {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly style: Style;
  readonly errorStyle: Style;
  /** DEBUG is set. */
  readonly isDebugging: boolean;
  /** Prints above what is drawn live, while something is. */
  aboveLive: ((line: string) => void) | null = null;
  private readonly broken = new Map<StreamName, NodeJS.ErrnoException>();

  constructor(
    private readonly io: Io,
    { json, quiet, colour }: OutputOptions,
    readonly masker: SecretMasker,
  ) {
    this.json = json;
    this.quiet = quiet;
    this.isDebugging = (io.env.DEBUG ?? '') !== '';
    const styleOf = (stream: NodeJS.WriteStream) => createStyle(colour && colourIsWanted(io.env, stream));
    this.style = styleOf(io.stdout);
    this.errorStyle = styleOf(io.stderr);
    for (const name of ['stdout', 'stderr'] as const) {
      io[name].on('error', (error: NodeJS.ErrnoException) => this.broken.set(name, error));
    }
  }

  /** The one document of `--json`. */
  document(value: object): void {
    // Masked first: in the text a mask could reach across a quote.
    this.writeMasked('stdout', `${JSON.stringify(this.masker.maskJsonValues(value), null, 2)}\n`);
  }

  /** Standard output. */
  print(text: string): void {
    if (text !== '') this.write('stdout', text.endsWith('\n') ? text : `${text}\n`);
  }

  /** Standard error, unless `--quiet`. */
  inform(line: string): void {
    if (!this.quiet) this.note(line);
  }

  /** Standard error. */
  note(line: string): void {
    if (this.aboveLive) this.aboveLive(line);
    else this.write('stderr', `${line}\n`);
  }

  /** Standard error, as it is. */
  draw(text: string): void {
    this.write('stderr', text);
  }

  /** Waits until everything is written. */
  async flush(): Promise<void> {
    const failed = this.broken.get('stdout');
    // Who closes the pipe early, as `head` does, has read enough.
    if (failed && failed.code !== 'EPIPE') this.note(`warning: standard output failed: ${failed.message}`);
    await Promise.all([this.drained('stdout'), this.drained('stderr')]);
  }

  private write(name: StreamName, text: string): void {
    this.writeMasked(name, this.masker.maskValues(text));
  }

  private writeMasked(name: StreamName, text: string): void {
    if (!this.broken.has(name)) this.io[name].write(text);
  }

  private drained(name: StreamName): Promise<void> {
    if (this.broken.has(name)) return Promise.resolve();
    return new Promise((resolve) => {
      this.io[name].once('error', () => resolve());
      this.io[name].write('', () => resolve());
    });
  }
}
