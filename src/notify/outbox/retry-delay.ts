const firstMs = 1_000;
const longestMs = 5 * 60_000;

/**
 * How long to wait after the failure with that number, counted from 1: twice as long each time, up to five minutes, and
 * never shorter than the other side asked for. A fifth of it is chance, so that many do not come back at once.
 *
 * @param chance from 0 to 1.
 */
export function retryDelay(attempts: number, retryAfterMs = 0, chance = Math.random()): number {
  const growing = Math.min(longestMs, firstMs * 2 ** (attempts - 1));
  return Math.max(retryAfterMs, Math.round(growing * (0.9 + 0.2 * chance)));
}
