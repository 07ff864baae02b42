import type { Failure } from '../../machines/improvement-types.js';
import { MoultError } from '../errors/moult-error.js';

/** The error that a snapshot remembers. */
export function revived(failure: Failure): Error {
  return MoultError.revive(failure) ?? new Error(failure.message);
}
