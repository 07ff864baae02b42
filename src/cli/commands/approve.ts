import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { openService } from '../open-service.js';
import { nextStep } from '../render/next-step.js';
import type { Report } from '../report.js';
import { requireProject } from '../../service/require-project.js';
import { show } from './show.js';
import { userName } from '../user-name.js';

interface ApproveOptions {
  by?: string;
  why?: string;
  /** The digest of the plan that was looked at. */
  digest?: string;
}

/** A person's yes to a plan that waits for one; it says what it is a yes to. */
export async function approve(
  cli: Cli,
  taskId: string,
  { by = userName(cli.io.env), why, digest }: ApproveOptions,
): Promise<Report> {
  await requireProject(cli.root);
  const service = openService(cli);
  await service.approveImprovement(taskId, {
    by,
    ...(why === undefined ? {} : { why }),
    ...(digest === undefined ? {} : { planDigest: digest }),
  });
  const shown = await show(cli, taskId);
  const details = await service.describeImprovement(taskId);
  const { status, state } = details;
  return {
    exitCode: exitCode.done,
    document: { taskId, status, state, by, ...(why === undefined ? {} : { why }) },
    text: `${shown.text}\n\nApproved ${taskId}. ${nextStep(details)}`,
  };
}
