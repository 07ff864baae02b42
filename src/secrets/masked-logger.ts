import type { Logger } from '../ports/logger.js';
import type { SecretMasker } from './secret-masker.js';

/** A logger that is told no secrets. */
export function maskedLogger(logger: Logger, { maskValues }: Pick<SecretMasker, 'maskValues'>): Logger {
  return {
    debug: (message) => logger.debug(maskValues(message)),
    info: (message) => logger.info(maskValues(message)),
    warn: (message) => logger.warn(maskValues(message)),
    error: (message) => logger.error(maskValues(message)),
  };
}
