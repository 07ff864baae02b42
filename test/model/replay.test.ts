import fc from 'fast-check';
import { expect, it } from 'vitest';
import { modelOptions } from './model-options.js';
import { sequences } from './real/commands.js';
import { scenarios } from './weak/scenarios.js';

const runs = { name: 'RUNS', byDefault: 1_000 };

/** What fails, without a disk: it shrinks as a real counterexample does. */
const faults = {
  'sequences on real repositories': fc.property(
    sequences,
    (sequence) => !sequence.map(String).includes('confirm'),
  ),
  'improvements on a disk that forgets': fc.property(scenarios, ({ fault }) => fault?.kind !== 'ENOSPC'),
};

it.each(Object.entries(faults))('seed and path bring the counterexample back at once: %s', (_, property) => {
  const found = fc.check(property as fc.IRawProperty<unknown, false>, modelOptions({}, runs));
  expect(found.failed).toBe(true);
  const env = { MOULT_MODEL_SEED: String(found.seed), MOULT_MODEL_PATH: found.counterexamplePath! };
  const again = fc.check(property as fc.IRawProperty<unknown, false>, modelOptions(env, runs));
  expect(again).toMatchObject({ failed: true, numRuns: 1 });
  expect(fc.stringify(again.counterexample)).toBe(fc.stringify(found.counterexample));
});
