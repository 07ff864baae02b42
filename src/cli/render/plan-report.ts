import type { ImprovementDetails } from '../../service/describe-task.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import type { Report } from '../report.js';
import { changeList, plannedWords } from './change-list.js';
import { headline } from './headline.js';
import { nextStep } from './next-step.js';
import { visibleLine } from '../../wording/visible.js';

/** A plan that was made, and maybe waits for approval. */
export function planReport({ output }: Cli, details: ImprovementDetails): Report {
  const { taskId, status, state, risk, highRiskFiles, digest, plan } = details;
  const isWaiting = state === 'planning.awaiting_approval';
  return {
    exitCode: isWaiting ? exitCode.waiting : exitCode.done,
    document: { taskId, status, state, risk, highRiskFiles, digest, fileRisks: plan.fileRisks },
    text: [...planLines(output.style, details), ...(isWaiting ? [] : ['', nextStep(details)])].join('\n'),
    quietText: taskId,
    ...(isWaiting ? { hint: nextStep(details) } : {}),
  };
}

function planLines(
  style: Cli['output']['style'],
  { taskId, risk, plan, state }: ImprovementDetails,
): string[] {
  const { fileRisks, paths, checks, needsRestart, description } = plan;
  const risky = fileRisks.filter(({ level }) => level === 'high' || level === 'critical');
  const title = state === 'planning.awaiting_approval' ? 'Planned, and waiting for approval' : 'Planned';
  return [
    `${style.bold(title)}: ${headline(description)} ${style.dim(`(${taskId})`)}`,
    '',
    ...changeList(paths, fileRisks, plannedWords, style),
    '',
    `Risk: ${risk}`,
    ...risky.map(({ path, reasons }) => `  ${visibleLine(path)}: ${visibleLine(reasons.join('; '))}`),
    `Checks: ${checks.length === 0 ? 'none' : checks.map(({ name }) => visibleLine(name)).join(', ')}`,
    ...(needsRestart ? ['Needs a restart of your program.'] : []),
    ...(checks.some(({ required }) => required)
      ? []
      : [style.yellow('No required check would judge it, so it cannot be executed.')]),
  ];
}
