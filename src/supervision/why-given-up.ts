import type { RestartContext } from '../../machines/restart-types.js';

/** In one line, why the new version is not kept. */
export function whyGivenUp({ cause, failedStarts, settings }: RestartContext): string {
  if (cause === 'taken_back') return 'it was taken back on request';
  if (cause === 'not_confirmed')
    return `nobody confirmed it within ${settings.confirmWithinMs / 1000} s, although it was well`;
  const failed = failedStarts.filter(({ version }) => version === 'new');
  const last = failed.at(-1);
  if (!last) return 'it was given up before it was started';
  return failed.length === 1 ? last.message : `${failed.length} starts failed; the last: ${last.message}`;
}
