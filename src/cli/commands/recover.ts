import type { Recovered } from '../../service/recover-tasks.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { openService } from '../open-service.js';
import { stateInWords } from '../../wording/state-in-words.js';
import { visible } from '../../wording/visible.js';
import type { Report } from '../report.js';
import { requireProject } from '../../service/require-project.js';
import { whileUnstoppable } from '../while-unstoppable.js';

/** Finishes or takes back what a process left that is gone. */
export async function recover(cli: Cli, { takeOverLock }: { takeOverLock?: boolean }): Promise<Report> {
  await requireProject(cli.root);
  const service = openService(cli);
  return whileUnstoppable(cli, async () =>
    recoveredReport(await service.recover({ takeOverLock: takeOverLock === true })),
  );
}

function recoveredReport(recovered: Recovered[]): Report {
  const stuck = recovered.find(({ result }) => result.status === 'rollback_failed')?.result.failure;
  return {
    exitCode: stuck ? exitCode.rollbackFailed : exitCode.done,
    document: { recovered },
    text: recovered.length === 0 ? 'Nothing had to be recovered.' : recovered.map(line).join('\n'),
    ...(stuck ? { failure: { code: stuck.code, message: stuck.message } } : {}),
    ...(stuck?.remedy === undefined ? {} : { hint: stuck.remedy }),
  };
}

function line({ foundIn, result: { taskId, status } }: Recovered): string {
  const was = stateInWords({ state: foundIn, interrupted: true });
  const back = status === 'rolled_back' || status === 'cancelled' ? ': every file is as it was before' : '';
  return visible(`${taskId} was ${was}; now it is ${stateInWords({ state: status })}${back}.`);
}
