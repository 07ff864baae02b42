import { globMatcher } from '../plan/glob-matcher.js';

/** Whether a change to one of the paths needs a restart: `triggers` are globs from the host's configuration. */
export function matchesRestartTrigger(paths: readonly string[], triggers: readonly string[]): boolean {
  return paths.some(globMatcher(triggers));
}
