import type { ImprovementDetails } from '../../service/describe-task.js';
import { headline } from './headline.js';
import type { Style } from './style.js';
import { table, type Cell } from './table.js';
import { stateInWords } from '../../wording/state-in-words.js';
import { visibleLine } from '../../wording/visible.js';

/** What an improvement is and where it stands. */
export function detailsLines(details: ImprovementDetails, style: Style): string[] {
  const { taskId, description, risk, files, createdAt, updatedAt, highRiskFiles, result } = details;
  const label = (text: string): Cell => ({ text, paint: style.dim });
  const risky = highRiskFiles.map(visibleLine).join(', ');
  return [
    `${style.bold(taskId)}  ${headline(description)}`,
    '',
    ...table([
      [label('status'), stateInWords(details)],
      ...(result?.failure ? [[label('because'), visibleLine(result.failure.message)]] : []),
      [label('risk'), risky === '' ? risk : `${risk}: ${risky}`],
      [label('files'), files.toLocaleString('en-US')],
      [label('planned'), localTime(createdAt)],
      [label('since'), localTime(updatedAt)],
    ]),
  ];
}

/** ISO 8601 to the second, with a blank for the T. */
export function localTime(iso: string): string {
  return iso.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}
