import { MoultError } from '../../errors/moult-error.js';
import type { ImprovementDetails } from '../../service/describe-task.js';
import { requireProject } from '../../service/require-project.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { openService } from '../open-service.js';
import { nextStep } from '../render/next-step.js';
import { showLines } from '../render/show-lines.js';
import type { Report } from '../report.js';
import { shownChanges } from '../shown-changes.js';
import { userName } from '../user-name.js';

interface ApproveOptions {
  by?: string;
  why?: string;
  /** The digest of the plan that was looked at. */
  digest?: string;
}

/** A person's yes to a plan that waits for one. It is printed first, whole, and the yes is to what was printed and to nothing else. */
export async function approve(
  cli: Cli,
  taskId: string,
  { by = userName(cli.io.env), why, digest }: ApproveOptions,
): Promise<Report> {
  const { home, store } = await requireProject(cli.root);
  if ((await store.ids()).length === 0) throw new MoultError('NO_TASK', {});
  const service = openService(cli);
  const looked = await service.describeImprovement(taskId);
  if (digest !== undefined && digest !== looked.digest) throw new MoultError('APPROVAL_VOID', { taskId });
  if (looked.state === 'planning.awaiting_approval') await print(cli, looked, home);
  await service.approveImprovement(taskId, {
    by,
    ...(why === undefined ? {} : { why }),
    planDigest: looked.digest,
  });
  const details = await service.describeImprovement(taskId);
  const { status, state } = details;
  return {
    exitCode: exitCode.done,
    document: { taskId, status, state, digest: looked.digest, by, ...(why === undefined ? {} : { why }) },
    text: `Approved ${taskId}. ${nextStep(details)}`,
  };
}

/** Not with `--json` or `--quiet`: a program has looked by `moult show --json`, and can say at what by `--digest`. */
async function print(cli: Cli, details: ImprovementDetails, home: string): Promise<void> {
  if (cli.output.json || cli.output.quiet) return;
  const lines = showLines(cli, details, await shownChanges(cli, details, home));
  cli.output.print(`${lines.join('\n')}\n\n`);
  await cli.output.flush();
}
