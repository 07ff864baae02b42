import fc from 'fast-check';
import { it } from 'vitest';
import { judge } from './judge.js';
import { scenarios } from './scenarios.js';
import { weakRun } from './weak-run.js';

const runs = Number(process.env['MOULT_MODEL_RUNS'] ?? 10_000);
const seed = Number(process.env['MOULT_MODEL_SEED'] ?? 1);

it(`an improvement on a disk that forgets is before or after, ${runs} times`, { timeout: 0 }, async () => {
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      const problems = judge(scenario, await weakRun(scenario));
      if (problems.length > 0) throw new Error(problems.join('\n'));
    }),
    { numRuns: runs, seed },
  );
});
