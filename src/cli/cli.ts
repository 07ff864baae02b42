import type { Io } from './io.js';
import type { Output } from './output.js';
import type { Progress } from './progress/progress.js';

/** What every verb is given. */
export interface Cli {
  /** The folder of the project, absolute. */
  root: string;
  output: Output;
  progress: Progress;
  io: Io;
  /** What is still to be done when the verb is through, before the process ends. */
  beforeEnd: (() => Promise<void>)[];
}
