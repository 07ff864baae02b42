import type { Cli } from './cli.js';
import { StopSignals } from './stop-signals.js';

const words = {
  first: 'Cancelling: whatever was changed is being put back. Please wait.',
  again: 'Still rolling back. It cannot be cut short, so that no file is left half way. Please wait.',
};

/** Does what a signal cancels; `work` looks after the how. */
export function whileCancellable<Result>(
  cli: Cli,
  work: (stop: StopSignals) => Promise<Result>,
): Promise<Result> {
  return StopSignals.during(cli, words, work);
}
