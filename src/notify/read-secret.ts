import { isSafeUrl } from '../config/is-safe-url.js';
import { MoultError } from '../errors/moult-error.js';
import type { Environment } from '../secrets/secret-values.js';

/** @throws NOTICE_SECRET_MISSING where the variable is not set, or empty. */
export function readSecret(environment: Environment, variable: string, key: string): string {
  const value = environment[variable]?.trim();
  if (value === undefined || value === '')
    throw new MoultError('NOTICE_SECRET_MISSING', { variable, key, reason: 'is not set' });
  return value;
}

/** @throws NOTICE_SECRET_MISSING also where it is no URL that secrets may be sent to. */
export function readSecretUrl(environment: Environment, variable: string, key: string): string {
  const value = readSecret(environment, variable, key);
  if (isSafeUrl(value)) return value;
  throw new MoultError('NOTICE_SECRET_MISSING', { variable, key, reason: 'does not hold an https: URL' });
}
