import type { Parameters } from 'fast-check';

/**
 * How many runs and of which seed. `MOULT_MODEL_SEED` and `MOULT_MODEL_PATH`, as a counterexample prints them, run that
 * counterexample first.
 */
export function modelOptions<T>(
  env: Readonly<Record<string, string | undefined>>,
  runs: { name: string; byDefault: number },
): Parameters<T> & { numRuns: number } {
  const path = env['MOULT_MODEL_PATH'];
  return {
    numRuns: Number(env[runs.name] ?? runs.byDefault),
    seed: Number(env['MOULT_MODEL_SEED'] ?? 1),
    ...(path === undefined ? {} : { path }),
  };
}
