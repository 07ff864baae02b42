import type { Unrestored } from '../../machines/improvement-types.js';
import type { Logger } from '../ports/logger.js';

/** A path that could not be put back, for the report and the log. */
export function describeFailure(
  logger: Logger,
  path: string,
  savedAt: string | null,
  error: unknown,
): Unrestored {
  const reason = error instanceof Error ? error.message : String(error);
  logger.error(`[moult] ${path} could not be put back: ${reason}`);
  return { path, reason, savedAt };
}
