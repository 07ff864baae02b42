import type { Cli } from './cli.js';
import type { Io } from './io.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface Words {
  first: string;
  again: string;
}

/** The signals that ask the process to stop. While they are listened to, none of them ends it. */
export class StopSignals {
  isRequested = false;
  private action: (() => void) | null = null;
  private readonly listener = () => this.receive();

  private constructor(
    private readonly io: Io,
    private readonly say: (line: string) => void,
    private readonly words: Words,
  ) {
    for (const signal of signals) io.on(signal, this.listener);
  }

  /** Listens while the work is being done. */
  static async during<Result>(
    { io, output }: Pick<Cli, 'io' | 'output'>,
    words: Words,
    work: (stop: StopSignals) => Promise<Result>,
  ): Promise<Result> {
    const stop = new StopSignals(io, (line) => output.note(line), words);
    try {
      return await work(stop);
    } finally {
      stop.end();
    }
  }

  /** Calls `action` once, at the first signal; at once where that has come already. */
  whenRequested(action: () => void): void {
    this.action = action;
    if (this.isRequested) action();
  }

  /** From here on they end the process again. */
  private end(): void {
    for (const signal of signals) this.io.off(signal, this.listener);
  }

  private receive(): void {
    this.say(this.isRequested ? this.words.again : this.words.first);
    if (this.isRequested) return;
    this.isRequested = true;
    this.action?.();
  }
}
