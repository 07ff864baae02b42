import type { CheckResult } from '../../../machines/improvement-types.js';
import type { Style } from './style.js';
import { visibleLine, visibleOutput } from '../../wording/visible.js';

const shownLines = 20;

/** What a check that did not pass printed last, and where the rest is. */
export function failedCheck(
  { name, output, reason }: CheckResult,
  logFile: string | null,
  style: Style,
): string[] {
  const lines = visibleOutput(output).trimEnd().split('\n').slice(-shownLines);
  const isSilent = lines.join('').trim() === '';
  return [
    `${style.bold(visibleLine(name))}: ${visibleLine(reason ?? 'it did not pass')}`,
    ...(isSilent
      ? [`  ${style.dim('(it printed nothing)')}`]
      : lines.map((line) => `  ${style.dim('|')} ${line}`.trimEnd())),
    ...(logFile === null ? [] : [`  log: ${logFile}`]),
  ];
}
