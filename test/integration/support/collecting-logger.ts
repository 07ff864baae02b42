import type { Logger } from '../../../src/ports/logger.js';

/** Keeps what it is told, level and text. */
export class CollectingLogger implements Logger {
  readonly lines: string[] = [];
  debug = (message: string): void => void this.lines.push(`debug ${message}`);
  info = (message: string): void => void this.lines.push(`info ${message}`);
  warn = (message: string): void => void this.lines.push(`warn ${message}`);
  error = (message: string): void => void this.lines.push(`error ${message}`);
}
