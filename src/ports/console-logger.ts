import type { Logger } from './logger.js';

/**
 * The default logger: warnings and errors on the console (both go to stderr), nothing else.
 * A library inside an MCP server must leave stdout alone.
 */
export const consoleLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message) => console.warn(message),
  error: (message) => console.error(message),
};
