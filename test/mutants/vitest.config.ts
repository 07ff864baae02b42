import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const file = new URL('folders.json', import.meta.url);
const folders = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { tests: string[] }>;

/** Unit tests first: the first failure ends the trial of a mutant. */
class UnitFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve([...files].sort((one, other) => (one.moduleId < other.moduleId ? 1 : -1)));
  }
}

/** The tests of the folder that `run.mjs` names. */
export default defineConfig({
  test: {
    include: folders[process.env['MOULT_MUTANTS'] ?? '']?.tests ?? [],
    sequence: { sequencer: UnitFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
