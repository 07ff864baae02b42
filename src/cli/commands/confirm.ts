import type { Cli } from '../cli.js';
import { openService } from '../open-service.js';
import { exitCodeOfEnd } from '../exit-code.js';
import type { Report } from '../report.js';
import { requireProject } from '../../service/require-project.js';
import { userName } from '../user-name.js';

/** Says that the restarted version is good. */
export async function confirm(cli: Cli, task: string | undefined): Promise<Report> {
  await requireProject(cli.root);
  const result = await openService(cli).confirmImprovement(task, { by: userName(cli.io.env) });
  return {
    exitCode: exitCodeOfEnd(result.status),
    document: result,
    text: `Confirmed ${result.taskId}: it is completed.`,
  };
}
