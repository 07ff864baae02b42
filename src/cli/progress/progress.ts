import type { ProgressEvent } from '../../actors/progress.js';
import type { Io } from '../io.js';
import type { Output } from '../output.js';
import { LiveView } from './live-view.js';
import { PlainView } from './plain-view.js';

/** Shows what happens while it happens, on standard error. */
export interface Progress {
  take(event: ProgressEvent): void;
  /** Nothing more will come. To be called in any case. */
  end(): void;
}

const silence: Progress = { take: () => undefined, end: () => undefined };

/** A list that moves on a terminal; lines elsewhere and beside `--json`; nothing with `--quiet`. */
export function createProgress(io: Io, output: Output): Progress {
  if (output.quiet) return silence;
  const isTerminal = io.stderr.isTTY && io.env.TERM !== 'dumb' && io.env.CI === undefined;
  return isTerminal && !output.json ? new LiveView(io, output) : new PlainView(output);
}
