import type { Cli } from '../cli.js';
import { openService } from '../open-service.js';
import { takenBackReport } from '../render/taken-back-report.js';
import type { Report } from '../report.js';
import { requireProject } from '../../service/require-project.js';
import { whileUnstoppable } from '../while-unstoppable.js';

/** Takes back a completed improvement, or tries a failed rollback again. */
export async function rollback(cli: Cli, taskId: string, { force }: { force?: boolean }): Promise<Report> {
  await requireProject(cli.root);
  const service = openService(cli);
  return whileUnstoppable(cli, async () => {
    const result = await service.rollbackImprovement(taskId, { force: force === true });
    return takenBackReport(cli, result, await service.describeImprovement(taskId));
  });
}
