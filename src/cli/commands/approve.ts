import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { openService } from '../open-service.js';
import { nextStep } from '../render/next-step.js';
import type { Report } from '../report.js';
import { requireProject } from '../../service/require-project.js';
import { userName } from '../user-name.js';

/** A person's yes to a plan that waits for one. */
export async function approve(
  cli: Cli,
  taskId: string,
  { by = userName(cli.io.env), why }: { by?: string; why?: string },
): Promise<Report> {
  await requireProject(cli.root);
  const service = openService(cli);
  await service.approveImprovement(taskId, { by, ...(why === undefined ? {} : { why }) });
  const details = await service.describeImprovement(taskId);
  const { status, state } = details;
  return {
    exitCode: exitCode.done,
    document: { taskId, status, state, by, ...(why === undefined ? {} : { why }) },
    text: `Approved ${taskId}. ${nextStep(details)}`,
  };
}
