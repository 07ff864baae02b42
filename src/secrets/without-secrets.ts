import { MoultError } from '../errors/moult-error.js';
import type { SecretMasker } from './secret-masker.js';

/**
 * An error without the secrets in its words: those of git, of the system, of an editor that asks a model. One that holds
 * none is answered as it is. At once, and without anything that could fail in its turn.
 */
export function withoutSecrets(
  { maskValues, maskJsonValues }: Pick<SecretMasker, 'maskValues' | 'maskJsonValues'>,
  error: unknown,
): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? maskValues(error) : error;
  const message = maskValues(error.message);
  if (message === error.message) return error;
  // Without its cause, which says the same.
  if (error instanceof MoultError) {
    const { code, details } = error as MoultError;
    return MoultError.revive({ code, details: maskJsonValues(details) });
  }
  const { code } = error as NodeJS.ErrnoException;
  return Object.assign(new Error(message), { name: error.name, ...(code === undefined ? {} : { code }) });
}
