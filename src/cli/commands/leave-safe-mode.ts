import { leaveSafeMode as leave } from '../../supervision/leave-safe-mode.js';
import { requireProject } from '../../service/require-project.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import type { Report } from '../report.js';
import { serviceOptions } from '../service-options.js';

/** Allows the program to be started again, after a person has seen to it. */
export async function leaveSafeMode(cli: Cli): Promise<Report> {
  await requireProject(cli.root);
  const { logger } = serviceOptions(cli);
  const wasSafeMode = await leave({ root: cli.root, logger });
  const text = wasSafeMode ? 'The program may be started again.' : 'There was no safe mode to leave.';
  return { exitCode: exitCode.done, document: { wasSafeMode }, text };
}
