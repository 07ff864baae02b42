import { SafeRestartService } from '../safe-restart-service.js';
import type { Logger } from '../ports/logger.js';
import type { ServiceOptions } from '../service/service-options.js';
import type { Cli } from './cli.js';
import type { Output } from './output.js';
import { visible } from '../wording/visible.js';

/** How the command line hosts the engine: its words and its progress go to standard error. */
export function serviceOptions({ root, output, progress, io }: Cli): ServiceOptions {
  const logger = loggerTo(output);
  return {
    origin: 'cli',
    logger,
    onProgress: (event) => progress.take(event),
    // The command line is not the program that is to be restarted. Without a guard, the report says that somebody has to do it.
    restart: new SafeRestartService(root, { logger, isProgram: false }),
    environment: io.env,
    traceparent: () => io.env.TRACEPARENT,
  };
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
