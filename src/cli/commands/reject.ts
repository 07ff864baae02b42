import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { openService } from '../open-service.js';
import type { Report } from '../report.js';
import { requireProject } from '../../service/require-project.js';
import { userName } from '../user-name.js';

/** A person's no to a plan that waits for approval. */
export async function reject(cli: Cli, taskId: string): Promise<Report> {
  await requireProject(cli.root);
  const service = openService(cli);
  await service.rejectImprovement(taskId, { by: userName(cli.io.env) });
  const { status, state } = await service.describeImprovement(taskId);
  return {
    exitCode: exitCode.done,
    document: { taskId, status, state },
    text: `Rejected ${taskId}: the plan is dropped, no file was touched.`,
  };
}
