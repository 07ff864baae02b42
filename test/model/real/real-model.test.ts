import fc from 'fast-check';
import { it } from 'vitest';
import { modelOptions } from '../model-options.js';
import { sequences, type Sequence } from './commands.js';
import { newModel } from './project-model.js';
import { firstFiles, RealProject } from './real-project.js';

const options = modelOptions<[Sequence]>(process.env, { name: 'MOULT_REAL_RUNS', byDefault: 30 });

it(`a real project is always as a simple model says, ${options.numRuns} times`, { timeout: 0 }, async () => {
  await fc.assert(
    fc.asyncProperty(sequences, async (sequence) => {
      const project = await RealProject.make();
      try {
        await fc.asyncModelRun(() => ({ model: newModel(new Map(firstFiles)), real: project }), sequence);
      } finally {
        await project.close();
      }
    }),
    options,
  );
});
