import type { Command, CommanderError } from 'commander';
import { exitCode } from './exit-code.js';
import { errorReport } from './render/error-report.js';
import type { Report } from './report.js';
import { UsageError } from './usage-error.js';

/** What commander ends with: help, the version, or a command line that is wrong. */
export function reportOfCommander(
  error: CommanderError,
  written: string,
  { program, args }: { program: Command; args: readonly string[] },
): Report {
  if (error.exitCode === 0) {
    const document = error.code === 'commander.version' ? { version: written.trim() } : { help: written };
    return { exitCode: exitCode.done, document, text: written, quietText: written };
  }
  const verb = program.commands.map((command) => command.name()).find((name) => args.includes(name));
  return errorReport(usageError(error, verb));
}

function usageError({ code, message }: CommanderError, verb: string | undefined): UsageError {
  if (code === 'commander.help') {
    return new UsageError(
      'No command was given.',
      '`moult --help` lists the commands; `moult status` says where things stand.',
    );
  }
  const [what = '', suggestion] = message
    .replace(/^error: /, '')
    .split(/\n\(Did you mean (?:one of )?(.*)\?\)$/s);
  const nearest = suggestion?.split(', ')[0];
  if (nearest !== undefined) {
    return new UsageError(
      what,
      `Did you mean \`moult ${nearest.startsWith('-') && verb !== undefined ? `${verb} ` : ''}${nearest}\`?`,
    );
  }
  return new UsageError(
    what,
    verb === undefined
      ? '`moult --help` lists the commands.'
      : `\`moult help ${verb}\` shows how it is used.`,
  );
}
