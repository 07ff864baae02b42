import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Inspector } from '../../inspector/index.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { openService } from '../open-service.js';
import type { Report } from '../report.js';
import { requireProject } from '../../service/require-project.js';
import { StopSignals } from '../stop-signals.js';
import { UsageError } from '../usage-error.js';
import { userName } from '../user-name.js';

export interface InspectFlags {
  port?: string;
  host?: string;
  allowActions?: boolean;
  stateDir?: string;
  export?: string;
}

const words = { first: 'The inspector ends.', again: 'The inspector is ending.' };

/** Serves the inspector until it is stopped, or writes a report. */
export async function inspect(cli: Cli, task: string | undefined, flags: InspectFlags): Promise<Report> {
  if (flags.export !== undefined) return writeReport(cli, task, flags, flags.export);
  const inspector = await open(cli, task, flags);
  if (cli.output.json) cli.output.document({ url: inspector.url });
  else cli.output.print(inspector.url);
  cli.output.inform(
    'Whoever knows this address can look, so keep it to yourself. Ctrl-C ends the inspector.',
  );
  await StopSignals.during(cli, words, (stop) => new Promise<void>((resolve) => stop.whenRequested(resolve)));
  await inspector.close();
  return { exitCode: exitCode.done, document: null, text: '' };
}

async function open(cli: Cli, task: string | undefined, flags: InspectFlags): Promise<Inspector> {
  const { inspectService, inspectStateDirectory } = await import('../../inspector/index.js');
  const { host, stateDir, allowActions } = flags;
  const listen = {
    port: portOf(flags.port),
    ...(host === undefined ? {} : { host }),
    ...(task ? { task } : {}),
  };
  if (stateDir === undefined) {
    await requireProject(cli.root);
    return inspectService(openService(cli), { ...listen, allowActions, by: userName(cli.io.env) });
  }
  if (allowActions === true)
    throw new UsageError(
      '--allow-actions does not go with --state-dir: nothing can be done from a state directory by itself',
      'Leave one of them out.',
    );
  return inspectStateDirectory(path.resolve(cli.io.cwd(), stateDir), listen);
}

async function writeReport(
  cli: Cli,
  task: string | undefined,
  { stateDir }: InspectFlags,
  file: string,
): Promise<Report> {
  const { exportReport } = await import('../../inspector/index.js');
  if (stateDir === undefined) await requireProject(cli.root);
  const from =
    stateDir === undefined ? openService(cli) : { stateDirectory: path.resolve(cli.io.cwd(), stateDir) };
  const html = await exportReport(from, task);
  const target = path.resolve(cli.io.cwd(), file);
  await writeFile(target, html);
  return { exitCode: exitCode.done, document: { file: target }, text: `The report is in ${target}` };
}

function portOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UsageError(
    `--port ${JSON.stringify(text)} is not a number from 0 to 65535`,
    'Give another port.',
  );
}
