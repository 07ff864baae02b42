import type { CheckResult } from '../../../machines/improvement-types.js';
import { duration } from './duration.js';
import type { Style } from './style.js';
import type { Symbols } from './symbols.js';
import { table, type Cell } from './table.js';
import { visibleLine } from '../../wording/visible.js';

const words: Record<CheckResult['status'], string> = {
  passed: 'passed',
  failed: 'failed',
  timed_out: 'timed out',
  not_run: 'did not run',
};

/** The checks with how they ended and how long they took, one a line. */
export function checkList(checks: readonly CheckResult[], style: Style, symbols: Symbols): string[] {
  return table(
    checks.map((check): Cell[] => [
      { text: symbol(check, symbols), paint: paintOf(check, style) },
      visibleLine(check.name),
      words[check.status] + (check.required ? '' : ' (not required)'),
      { text: check.status === 'not_run' ? '' : duration(check.durationMs), paint: style.dim },
      { text: visibleLine(check.reason ?? ''), paint: style.dim },
    ]),
  );
}

function symbol({ status, required }: CheckResult, symbols: Symbols): string {
  if (status === 'passed') return symbols.passed;
  return required ? symbols.failed : symbols.warned;
}

function paintOf({ status, required }: CheckResult, style: Style): (text: string) => string {
  if (status === 'passed') return style.green;
  return required ? style.red : style.yellow;
}
