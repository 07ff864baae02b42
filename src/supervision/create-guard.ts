import { Guard, type GuardOptions } from './guard.js';

/**
 * A guard in this process, for a program of your own that starts another one. It is `moult supervise` as a library: nothing
 * of it is loaded later, so that a change of this package on disk does not touch it.
 */
export function createGuard(options: GuardOptions): Guard {
  return new Guard(options);
}
