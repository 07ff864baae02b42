import type { Cli } from './cli.js';
import { StopSignals } from './stop-signals.js';

const words = {
  cancel: {
    first: 'Cancelling: whatever was changed is put back. Please wait.',
    again: 'Still rolling back. Please wait: it is made safe, and cannot be cut short.',
  },
  refuse: {
    first: 'This cannot be cut short; it goes on to its end. Please wait.',
    again: 'Still at work. Please wait.',
  },
};

/** Does what can be cancelled; `work` looks after that. */
export function whileCancellable<Result>(
  { io, output }: Cli,
  work: (stop: StopSignals) => Promise<Result>,
): Promise<Result> {
  return listening(new StopSignals(io, (line) => output.note(line), words.cancel), work);
}

/** Does what must not end half way. */
export function whileUnstoppable<Result>(
  { io, output }: Cli,
  work: () => Promise<Result>,
): Promise<Result> {
  return listening(new StopSignals(io, (line) => output.note(line), words.refuse), work);
}

async function listening<Result>(
  stop: StopSignals,
  work: (stop: StopSignals) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(stop);
  } finally {
    stop.end();
  }
}
