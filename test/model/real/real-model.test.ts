import fc from 'fast-check';
import { it } from 'vitest';
import { sequences } from './commands.js';
import { newModel } from './project-model.js';
import { firstFiles, RealProject } from './real-project.js';

const runs = Number(process.env['MOULT_REAL_RUNS'] ?? 30);
const seed = Number(process.env['MOULT_MODEL_SEED'] ?? 1);
const path = process.env['MOULT_MODEL_PATH'];

it(`a real project is always as a simple model says, ${runs} times`, { timeout: 0 }, async () => {
  await fc.assert(
    fc.asyncProperty(sequences, async (sequence) => {
      const project = await RealProject.make();
      try {
        await fc.asyncModelRun(() => ({ model: newModel(new Map(firstFiles)), real: project }), sequence);
      } finally {
        await project.close();
      }
    }),
    { numRuns: runs, seed, ...(path === undefined ? {} : { path }) },
  );
});
