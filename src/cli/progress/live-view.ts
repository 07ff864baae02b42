import type { ProgressEvent } from '../../actors/progress.js';
import type { Io } from '../io.js';
import type { Output } from '../output.js';
import { symbolsFor } from '../render/symbols.js';
import { LiveRegion } from './live-region.js';
import { stepLine } from './step-line.js';
import { Steps } from './steps.js';

const frameMs = 80;

/** The steps as a list with a spinner, for a terminal. */
export class LiveView {
  private readonly steps = new Steps(() => performance.now(), {
    started: () => this.draw(),
    ended: () => this.draw(),
  });
  private readonly region: LiveRegion;
  private readonly symbols;
  private timer: NodeJS.Timeout | null = null;
  private readonly showCursor = () => this.region.end();

  constructor(
    private readonly io: Io,
    private readonly output: Output,
  ) {
    this.symbols = symbolsFor(io);
    this.region = new LiveRegion((text) => output.draw(text));
  }

  take(event: ProgressEvent): void {
    this.steps.take(event);
    if (this.timer === null && this.steps.all.length > 0) this.begin();
  }

  end(): void {
    if (this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
    this.output.aboveLive = null;
    this.io.off('exit', this.showCursor);
    // The summary that follows on the same terminal says all of it again.
    if (this.io.stdout.isTTY) this.region.erase();
    this.region.end();
  }

  private begin(): void {
    this.timer = setInterval(() => this.draw(), frameMs);
    this.timer.unref();
    this.io.on('exit', this.showCursor);
    this.output.aboveLive = (line) => {
      this.region.erase();
      this.output.draw(`${line}\n`);
      this.draw();
    };
  }

  private draw(): void {
    // A terminal that does not know its size says 0.
    const columns = this.io.stderr.columns || 80;
    const rows = this.io.stderr.rows || 24;
    const frame = Math.floor(performance.now() / frameMs);
    const lines = this.steps.all.map((step) =>
      stepLine(step, {
        now: performance.now(),
        // A terminal wraps when its last column is written.
        columns: columns - 1,
        spinner: this.symbols.spinner[frame % this.symbols.spinner.length] ?? '',
        symbols: this.symbols,
        style: this.output.errorStyle,
      }),
    );
    this.region.draw(lines.slice(-Math.max(1, rows - 1)));
  }
}
