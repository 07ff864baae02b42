import fc from 'fast-check';
import { it } from 'vitest';
import { modelOptions } from '../model-options.js';
import { judge } from './judge.js';
import { scenarios } from './scenarios.js';
import { weakRun, type WeakScenario } from './weak-run.js';

const options = modelOptions<[WeakScenario]>(process.env, { name: 'MOULT_MODEL_RUNS', byDefault: 10_000 });

it(
  `an improvement on a disk that forgets is before or after, ${options.numRuns} times`,
  { timeout: 0 },
  async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        const problems = judge(scenario, await weakRun(scenario));
        if (problems.length > 0) throw new Error(problems.join('\n'));
      }),
      options,
    );
  },
);
