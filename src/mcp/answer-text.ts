import { count } from '../wording/count.js';
import { activityInWords, stateInWords } from '../wording/state-in-words.js';
import { visible, visibleLine } from '../wording/visible.js';
import type { Answer } from './answer.js';

const listedMax = 20;

/** An answer for a model: what happened, what is wrong, and the calls that make sense now. */
export function answerText(answer: Answer): string {
  return [
    ...(answer.error ? errorLines(answer.error) : headLines(answer)),
    ...(answer.note === undefined ? [] : [answer.note]),
    ...(answer.error ? [] : bodyLines(answer)),
    ...nextLines(answer),
  ].join('\n');
}

function errorLines({ code, message, remedy }: NonNullable<Answer['error']>): string[] {
  return [`Refused (${code}): ${visible(message)}`, `What to do: ${visible(remedy)}`];
}

function headLines({ taskId, state, activity, result, description = '' }: Answer): string[] {
  if (taskId === undefined || state === undefined) return [];
  const title = `${taskId} (${visibleLine(description.split('\n')[0] ?? '')})`;
  return [`${title} ${sentences[state] ?? underWay(state, activity)}${because(result)}`];
}

const sentences: Record<string, string> = {
  'planning.ready': 'is planned; no file has been touched.',
  'planning.awaiting_approval': "is planned and waits for a person's approval, which you cannot give.",
  completed: 'is completed: the changes are in place, and the required checks have passed.',
  awaiting_confirmation:
    'is in place; the program must be restarted, and then somebody confirms that it works.',
  rolled_back: 'was taken back.',
  cancelled: 'was cancelled; nothing of it is left.',
  rollback_failed:
    'could not be taken back whole. A person must see to it; nothing new can be planned before.',
};

function underWay(state: string, activity: string | undefined): string {
  return `is under way: ${activity ?? activityInWords(state)}.`;
}

function because(result: Answer['result']): string {
  return result?.error === undefined ? '' : ` Why: ${visible(result.error)}`;
}

function bodyLines(answer: Answer): string[] {
  const { state = '', result, person } = answer;
  const isPlan = state.startsWith('planning.') || answer.diff !== undefined;
  return [
    ...(isPlan ? planLines(answer) : []),
    ...(person
      ? [
          `The person looks at it with \`${person.show}\` and decides with \`${person.approve}\` or \`${person.reject}\`.`,
        ]
      : []),
    ...(answer.checks ?? []).flatMap(checkLines),
    ...(result?.rollbackPerformed === true && !result.success
      ? ['Every planned file is as it was before.']
      : []),
    ...(result?.displaced ?? []).map(
      ({ path, savedAt }) =>
        `Somebody else's version of ${visibleLine(path)} was moved to ${visibleLine(savedAt)}.`,
    ),
    ...(result?.success && result.needsRestart ? ['The program needs a restart to run the new code.'] : []),
    ...(answer.diff === undefined ? [] : ['', visible(answer.diff).trimEnd(), '']),
    ...historyLines(answer.improvements),
  ];
}

function planLines({ files = [], filesLeftOut = 0, risk = 'low', plannedChecks = [] }: Answer): string[] {
  const more = files.length + filesLeftOut - listedMax;
  return [
    `Risk: ${risk}. Checks: ${plannedChecks.map(visibleLine).join(', ')}.`,
    ...files
      .slice(0, listedMax)
      .map(
        ({ path, change, reasons = [] }) =>
          `- ${change} ${visibleLine(path)}${reasons.length > 0 ? ` (${visibleLine(reasons.join('; '))})` : ''}`,
      ),
    ...(more > 0 ? [`- and ${count(more, 'more file')}`] : []),
  ];
}

function checkLines({
  name,
  status,
  reason,
  required,
  firstErrors,
  log,
}: NonNullable<Answer['checks']>[number]): string[] {
  const words = status === 'passed' ? 'passed' : `did not pass${required ? '' : ' (not required)'}`;
  return [
    `Check ${JSON.stringify(visibleLine(name))} ${words}${reason === undefined ? '.' : `: ${visibleLine(reason)}`}`,
    ...(firstErrors ?? []).map((line) => `  | ${line}`),
    ...(firstErrors && log !== undefined ? [`  The whole output: ${log}`] : []),
  ];
}

function historyLines(improvements: Answer['improvements']): string[] {
  if (improvements === undefined) return [];
  if (improvements.length === 0) return ['No improvement yet.'];
  const shown = improvements.slice(-listedMax).reverse();
  return [
    `${count(improvements.length, 'improvement')}, the newest first:`,
    ...shown.map(
      ({ taskId, state, description }) =>
        `- ${taskId} ${stateInWords({ state })}: ${visibleLine(description.split('\n')[0] ?? '')}`,
    ),
  ];
}

function nextLines({ next }: Answer): string[] {
  return next.map(({ arguments: call, effect }) => `Next: ${JSON.stringify(call)} ${effect}`);
}
