import type { Cli } from './cli.js';
import { StopSignals } from './stop-signals.js';

const words = {
  first: 'This goes on to its end, so that no file is left half way. Please wait.',
  again: 'Still at work. Please wait.',
};

/** Does what a signal must not cut short. */
export function whileUnstoppable<Result>(cli: Cli, work: () => Promise<Result>): Promise<Result> {
  return StopSignals.during(cli, words, work);
}
