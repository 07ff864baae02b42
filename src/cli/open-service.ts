import type { Logger } from '../ports/logger.js';
import { SelfImprovementService } from '../self-improvement-service.js';
import type { Cli } from './cli.js';
import type { Output } from './output.js';
import { visible } from './render/visible.js';

/** The engine, with its words and its progress on standard error. */
export function openService({ root, output, progress }: Cli): SelfImprovementService {
  return new SelfImprovementService(root, {
    logger: loggerTo(output),
    onProgress: (event) => progress.take(event),
    // The command line is not the program that is to be restarted; the report says that somebody has to do it.
    restart: { scheduleRestart: () => undefined },
  });
}

function loggerTo(output: Output): Logger {
  const plain = (message: string) => visible(message.replace(/^\[[A-Za-z]+\] /, ''));
  return {
    debug: () => undefined,
    info: (message) => output.inform(plain(message)),
    warn: (message) => output.inform(`${output.errorStyle.yellow('warning:')} ${plain(message)}`),
    error: (message) => output.note(`${output.errorStyle.red('problem:')} ${plain(message)}`),
  };
}
