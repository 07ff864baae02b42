import type { Logger } from '../ports/logger.js';
import type { RestartPort } from './restart-port.js';

/** The default: restarts nothing, and says so. */
export function noRestart(logger: Logger): RestartPort {
  return {
    scheduleRestart: ({ taskId }) =>
      logger.warn(
        `[moult] ${taskId} needs a restart of your program; no restart is configured, so do it yourself.`,
      ),
  };
}
