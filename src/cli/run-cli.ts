import { Console } from 'node:console';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { CommanderError } from 'commander';
import type { Cli } from './cli.js';
import { createProgram, type GlobalOptions, type Verb } from './create-program.js';
import { exitCode, type ExitCode } from './exit-code.js';
import type { Io } from './io.js';
import { Output } from './output.js';
import { createProgress } from './progress/progress.js';
import { reportOfCommander } from './report-of-commander.js';
import type { Report } from './report.js';
import { createSecretMasker } from '../secrets/secret-masker.js';
import { tell } from './tell.js';

/**
 * The whole command line, from the arguments to the exit code.
 *
 * @param manifest package.json of this package.
 */
export async function runCli(io: Io, args: readonly string[], manifest: URL): Promise<ExitCode> {
  const written: string[] = [];
  let code: ExitCode = exitCode.unexpected;
  const program = createProgram({
    version: (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version,
    write: (text) => written.push(text),
    run: async (verb, options) => void (code = await runVerb(io, options, verb)),
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const report = reportOfCommander(error, written.join(''), { program, args });
    return conclude(new Output(io, optionsIn(args), createSecretMasker(io.env)), report, error);
  }
}

async function runVerb(io: Io, { root, json, quiet, color }: GlobalOptions, verb: Verb): Promise<ExitCode> {
  const output = new Output(
    io,
    { json: json === true, quiet: quiet === true, colour: color },
    createSecretMasker(io.env),
  );
  // A configuration in JavaScript may print; that must not mix with the document.
  if (output.json) globalThis.console = new Console(io.stderr);
  const progress = createProgress(io, output);
  const cli: Cli = { root: path.resolve(io.cwd(), root ?? '.'), output, progress, io, beforeEnd: [] };
  const crash = (error: unknown) => void crashed(cli, error);
  io.on('uncaughtException', crash);
  const { report, error } = await reportOf(cli, verb);
  await Promise.all(cli.beforeEnd.map((work) => work()));
  progress.end();
  io.off('uncaughtException', crash);
  return conclude(output, report, error);
}

async function reportOf(cli: Cli, verb: Verb): Promise<{ report: Report; error?: unknown }> {
  try {
    return { report: await verb(cli) };
  } catch (error) {
    const { errorReport } = await import('./render/error-report.js');
    return { report: errorReport(error), error };
  }
}

/** Something threw where nobody could catch it. What it left is for `recover`. */
async function crashed({ output, progress, io }: Cli, error: unknown): Promise<void> {
  progress.end();
  const { errorReport } = await import('./render/error-report.js');
  io.exit(await conclude(output, errorReport(error), error));
}

async function conclude(output: Output, report: Report, error: unknown): Promise<ExitCode> {
  tell(output, report, error);
  await output.flush();
  return report.exitCode;
}

/** For a command line that could not be understood. */
function optionsIn(args: readonly string[]): { json: boolean; quiet: boolean; colour: boolean } {
  const has = (name: string) => args.includes(name);
  return { json: has('--json'), quiet: has('--quiet') || has('-q'), colour: !has('--no-color') };
}
