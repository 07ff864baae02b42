import type { Logger } from '../ports/logger.js';
import type { Notifier } from './notifier.js';

/** Writes each notice to the logger. */
export function consoleNotifier(logger: Logger): Notifier {
  return {
    notify: ({ title, message, urgency }) => {
      const text = `[moult] ${title}: ${message.replaceAll('\n', ' ')}`;
      if (urgency === 'high' || urgency === 'critical') logger.warn(text);
      else logger.info(text);
    },
  };
}
