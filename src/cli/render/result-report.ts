import type { ImprovementResult } from '../../improvement.js';
import type { ImprovementDetails } from '../../service/describe-task.js';
import type { Cli } from '../cli.js';
import { exitCodeOfEnd } from '../exit-code.js';
import type { Report } from '../report.js';
import { changeList, doneWords } from './change-list.js';
import { checkList } from './check-list.js';
import { failedCheck } from './failed-check.js';
import { headline } from './headline.js';
import { logFile } from '../../service/log-file.js';
import { nextStep } from './next-step.js';
import { rollbackSummary } from './rollback-summary.js';
import { shortPath } from './short-path.js';
import { symbolsFor } from './symbols.js';
import { undeclaredLines } from './undeclared-lines.js';

const titles: Partial<Record<ImprovementResult['status'], string>> = {
  completed: 'Done',
  awaiting_confirmation: 'Done, and waiting for confirmation',
  rolled_back: 'Taken back',
  cancelled: 'Cancelled',
  rollback_failed: 'Not taken back whole',
};

/** The end of an improvement, for `run` and `execute`. */
export function resultReport(cli: Cli, result: ImprovementResult, details: ImprovementDetails): Report {
  const { status, taskId, failure } = result;
  const hint = hintFor(result, details);
  return {
    exitCode: exitCodeOfEnd(status),
    document: result,
    text: sections(cli, result, details)
      .filter((section) => section.length > 0)
      .map((section) => section.join('\n'))
      .join('\n\n'),
    ...(result.success
      ? {}
      : {
          failure: {
            code: failure?.code ?? status.toUpperCase(),
            message: failure?.message ?? `${taskId} is ${status}`,
          },
        }),
    ...(hint === undefined ? {} : { hint }),
  };
}

function hintFor(
  { status, taskId, failure }: ImprovementResult,
  { state }: ImprovementDetails,
): string | undefined {
  if (status === 'completed') return undefined;
  if (status === 'cancelled') return 'Nothing of it is left. Run it again when you are ready.';
  return failure?.remedy ?? nextStep({ taskId, state });
}

function sections({ output, io }: Cli, result: ImprovementResult, details: ImprovementDetails): string[][] {
  const { style } = output;
  const { plan, folder, rollback } = details;
  const title = titles[result.status] ?? result.status;
  const paint = result.success ? style.green : style.red;
  const failed = result.checks.filter(({ status }) => status !== 'passed');
  return [
    [`${style.bold(paint(title))}: ${headline(plan.description)} ${style.dim(`(${result.taskId})`)}`],
    result.success ? changeList(plan.paths, [], doneWords, style) : [],
    checkList(result.checks, style, symbolsFor(io)),
    ...failed.map((check) => failedCheck(check, shortLog(logFile(check, folder), io.cwd()), style)),
    undeclaredLines(details.undeclared, style),
    result.success ? whatNow(result) : rollbackSummary(rollback, io.cwd()),
  ];
}

function shortLog(file: string | null, cwd: string): string | null {
  return file === null ? null : shortPath(file, cwd);
}

function whatNow({ needsRestart, taskId, status }: ImprovementResult): string[] {
  if (status === 'awaiting_confirmation') return [];
  return [
    ...(needsRestart ? ['Restart your program to run the new code.'] : []),
    `To take it back: moult rollback ${taskId}`,
  ];
}
