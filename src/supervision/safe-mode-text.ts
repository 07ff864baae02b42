import type { RestartContext } from '../../machines/restart-types.js';
import type { RestartFolder } from '../restart/restart-folder.js';

/** For a person who finds the program stopped: what happened, and what to do, word for word. */
export function safeModeText(
  { restartId, taskId, reason, failedStarts, failure }: RestartContext,
  folder: RestartFolder,
): string {
  const starts = failedStarts.map(
    ({ version, attempt, code, message }) => `  ${version} version, start ${attempt}: ${message} [${code}]`,
  );
  return [
    '[moult] SAFE MODE: the program is stopped, and nothing more is tried.',
    '',
    `Restart:     ${restartId} (${reason})`,
    `Improvement: ${taskId ?? 'none'}`,
    ...(starts.length > 0 ? ['', 'What was tried:', ...starts] : []),
    ...(failure ? ['', `Then: ${failure.message} [${failure.code}]`] : []),
    ...(failure?.remedy ? [`      ${failure.remedy}`] : []),
    '',
    'What to do:',
    ...(taskId === null
      ? []
      : [`  1. moult show ${taskId}     what was changed; moult rollback ${taskId} takes it back by hand`]),
    `  ${taskId === null ? 1 : 2}. See to the cause; start the program by hand to see what it prints.`,
    `  ${taskId === null ? 2 : 3}. moult leave-safe-mode     or, where moult itself is broken:`,
    `     node ${folder.guard} leave-safe-mode`,
    `  ${taskId === null ? 3 : 4}. Start the program as always.`,
    '',
  ].join('\n');
}
