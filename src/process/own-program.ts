import type { ProgramRequest } from './child-program.js';

/** The process the library runs in, as far as a restart touches it. */
export interface OwnProgram {
  /** Ends it. */
  exit(code: number): void;
  /** What it was started with, to start it again: its options of Node, its script, its arguments, its folder. */
  command(): Omit<ProgramRequest, 'env'>;
  /** Its environment, as it is now. */
  environment(): NodeJS.ProcessEnv;
  /** Sends a message to who started it; does nothing without a channel. */
  send(message: object): void;
  /** Hears what who started it sends. The channel does not keep the process alive. */
  onMessage(listener: (message: unknown) => void): void;
}

export const ownProgram: OwnProgram = {
  exit: (code) => process.exit(code),
  command: () => ({
    command: process.execPath,
    args: [...process.execArgv, ...process.argv.slice(1)],
    cwd: process.cwd(),
  }),
  environment: () => ({ ...process.env }),
  send: (message) => {
    // Who started it may be gone; then nobody waits for the answer.
    if (process.connected) process.send?.(message, undefined, {}, () => undefined);
  },
  onMessage: (listener) => {
    if (!process.send) return;
    process.on('message', listener);
    process.channel?.unref();
  },
};
