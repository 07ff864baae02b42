import type { ImprovementResult } from '../../improvement.js';
import type { ImprovementDetails } from '../../service/describe-task.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import type { Report } from '../report.js';
import { rollbackSummary } from './rollback-summary.js';
import { undeclaredLines } from './undeclared-lines.js';

/** The end of a rollback that was asked for: that it was taken back is a success here. */
export function takenBackReport(cli: Cli, result: ImprovementResult, details: ImprovementDetails): Report {
  const { status, taskId, failure } = result;
  const isBack = status === 'rolled_back' || status === 'cancelled';
  const title = isBack ? `Took back ${taskId}.` : `${taskId} could not be taken back whole.`;
  return {
    exitCode: isBack ? exitCode.done : exitCode.rollbackFailed,
    document: result,
    text: [
      title,
      ...rollbackSummary(details.rollback, cli.io.cwd()),
      ...undeclaredLines(details.undeclared, cli.output.style),
    ].join('\n'),
    ...(isBack || !failure ? {} : { failure: { code: failure.code, message: failure.message } }),
    ...(isBack || failure?.remedy === undefined ? {} : { hint: failure.remedy }),
  };
}
