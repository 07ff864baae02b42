import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { openService } from '../open-service.js';
import { rollbackSummary } from '../render/rollback-summary.js';
import type { Report } from '../report.js';
import { requireProject } from '../../service/require-project.js';

/** Drops a plan, or stops what is under way, in whichever process, and waits until every file is back. */
export async function cancel(cli: Cli, task: string | undefined): Promise<Report> {
  const { store } = await requireProject(cli.root);
  const [active] = await store.activeIds();
  const service = openService(cli);
  await service.cancelImprovement(task);
  const taskId = task ?? active;
  if (taskId === undefined) return nothingToCancel;
  const { status, rollback } = await service.describeImprovement(taskId);
  if (status !== 'cancelled' && status !== 'rolled_back') return nothingToCancel;
  return {
    exitCode: exitCode.done,
    document: { taskId, status, rollback },
    text: [`Cancelled ${taskId}.`, ...rollbackSummary(rollback, cli.io.cwd())].join('\n'),
  };
}

const nothingToCancel: Report = {
  exitCode: exitCode.done,
  document: { taskId: null, status: null, rollback: null },
  text: 'Nothing is under way, so there is nothing to cancel.',
};
