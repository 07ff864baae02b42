import type { FileRisk, PlannedPath } from '../../plan/plan.js';
import type { ImprovementDetails } from '../../service/describe-task.js';
import type { Cli } from '../cli.js';
import { changeKind } from '../../plan/change-kind.js';
import { plannedWords } from './change-list.js';
import { checkList } from './check-list.js';
import { checkpointCommand } from './checkpoint-command.js';
import { detailsLines } from './details-lines.js';
import { diffLines } from './diff-lines.js';
import type { FileDiff } from '../../service/file-diff.js';
import { logFile } from '../../service/log-file.js';
import { nextStep } from './next-step.js';
import { shortPath } from './short-path.js';
import type { Style } from './style.js';
import { symbolsFor } from './symbols.js';
import { undeclaredLines } from './undeclared-lines.js';
import { visible, visibleLine } from '../../wording/visible.js';

export interface ShownChange {
  planned: PlannedPath;
  risk: FileRisk | null;
  description: string | undefined;
  diff: FileDiff;
  /** Secrets were taken out of the diff. */
  isMasked?: boolean;
}

/** One improvement with its plan and diffs, for people. */
export function showLines(cli: Cli, details: ImprovementDetails, changes: readonly ShownChange[]): string[] {
  const { style } = cli.output;
  const description = details.description.trim();
  return [
    ...detailsLines(details, style),
    ...(description.includes('\n') ? ['', ...visible(description).split('\n')] : []),
    ...changes.flatMap((change) => ['', ...changeLines(change, style)]),
    '',
    ...checkLines(cli, details),
    ...undeclaredLines(details.undeclared, style),
    ...checkpointLines(details),
    `next: ${nextStep(details)}`,
  ];
}

function changeLines(
  { planned, risk, description, diff, isMasked = false }: ShownChange,
  style: Style,
): string[] {
  const kind = changeKind(planned);
  const word =
    kind === 'none' ? (planned.change === null ? 'back up only' : 'unchanged') : plannedWords[kind];
  return [
    style.bold(`${word} ${visibleLine(planned.path)}`),
    ...(description === undefined ? [] : [`  ${visibleLine(description)}`]),
    ...(risk === null ? [] : [`  ${riskLine(risk, style)}`]),
    ...(isMasked ? [style.yellow('  It holds secrets: *** stands for each.')] : []),
    ...(diff.kind === 'text'
      ? diffLines(diff.diff, style)
      : kind === 'none'
        ? []
        : diff.lines.map((line) => `  ${visibleLine(line)}`)),
  ];
}

function riskLine({ level, reasons }: FileRisk, style: Style): string {
  const text = `risk ${level}${reasons.length > 0 ? `: ${visibleLine(reasons.join('; '))}` : ''}`;
  return level === 'low' ? style.dim(text) : style.yellow(text);
}

function checkLines({ output, io }: Cli, { plan, checks, folder }: ImprovementDetails): string[] {
  if (checks.length === 0) {
    const names = plan.checks.map(
      ({ name, required }) => visibleLine(name) + (required ? '' : ' (not required)'),
    );
    return [`checks: ${names.length === 0 ? 'none' : names.join(', ')}`];
  }
  const logs = checks.flatMap((check) => logFile(check, folder) ?? []);
  return [
    'checks:',
    ...checkList(checks, output.style, symbolsFor(io)),
    ...logs.map((file) => `  log: ${shortPath(file, io.cwd())}`),
  ];
}

function checkpointLines(details: ImprovementDetails): string[] {
  const { checkpoint } = details;
  if (!checkpoint) return [];
  if (checkpoint.kind === 'none') return [`checkpoint: none, because ${visibleLine(checkpoint.reason)}`];
  return [
    `checkpoint: ${checkpoint.commit}`,
    `  look at a file in it: ${visibleLine(checkpointCommand(details) ?? '')}`,
    ...checkpoint.notices.map((notice) => `  ${visibleLine(notice)}`),
  ];
}
