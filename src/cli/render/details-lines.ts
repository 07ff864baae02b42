import type { ImprovementDetails } from '../../service/describe-task.js';
import { headline } from './headline.js';
import type { Style } from './style.js';
import { table, type Cell } from './table.js';
import { visibleLine } from '../../wording/visible.js';

const stateWords: Record<string, string> = {
  'planning.assessing': 'being planned',
  'planning.awaiting_approval': 'waits for approval',
  'planning.ready': 'planned, ready to be executed',
  'implementing.backing_up': 'under way: backing up',
  'implementing.checkpointing': 'under way: making the checkpoint',
  'implementing.applying': 'under way: applying the changes',
  'testing.running_checks': 'under way: running the checks',
  'testing.sealing': 'under way: deciding to keep it',
  'testing.scheduling_restart': 'under way: scheduling the restart',
  awaiting_confirmation: 'waits for confirmation',
  rolling_back: 'under way: rolling back',
  rollback_failed: 'the rollback failed',
  completed: 'completed',
  rolled_back: 'rolled back',
  cancelled: 'cancelled',
};

/** A state of the machine in words. */
export function stateInWords({ state, interrupted }: { state: string; interrupted?: boolean }): string {
  const words = stateWords[state] ?? state;
  return interrupted === true ? `interrupted (was ${words.replace(/^under way: /, '')})` : words;
}

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
