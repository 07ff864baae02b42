import fc from 'fast-check';
import type { PlannedChange } from '../../../src/index.js';
import type { WeakScenario } from './weak-run.js';

const kinds: ((n: number) => PlannedChange)[] = [
  (n) => ({ file: `src/modify-${n}`, type: 'modify', content: `new ${n}\n` }),
  (n) => ({ file: `src/delete-${n}`, type: 'delete' }),
  (n) => ({ file: `src/mode-${n}`, type: 'modify', mode: '0755' }),
  (n) => ({ file: `src/create-${n}`, type: 'create', content: '' }),
  (n) => ({ file: `made-${n}/for/it`, type: 'create', content: 'x'.repeat(300) }),
  (n) => ({ file: `src/link-${n}`, type: 'modify', content: 'a file now\n', mode: '0644' }),
  (n) => ({ file: `src/modify-${n}`, type: 'modify', symlink: '../other' }),
];

/** A plan of one to three changes, each to a file of its own. */
const changes = fc
  .array(fc.nat({ max: kinds.length - 1 }), { minLength: 1, maxLength: 3 })
  .map((chosen) => chosen.map((kind, n) => kinds[kind]!(n)));

/** Somewhat more than a whole improvement has operations: beyond the last one nothing happens. */
const operation = fc.integer({ min: 1, max: 190 });

const fault = fc.oneof(
  { weight: 6, arbitrary: fc.record({ at: operation, kind: fc.constantFrom('crash', 'torn') }) },
  { weight: 3, arbitrary: fc.record({ at: operation, kind: fc.constantFrom('EIO', 'ENOSPC') }) },
  { weight: 1, arbitrary: fc.constant(null) },
);

const edit = fc.record({
  at: operation,
  file: fc.constantFrom('modify-0', 'mode-0', 'delete-0', 'modify-1'),
  inPlace: fc.boolean(),
});

/** What can befall an improvement on a weak disk. */
export const scenarios: fc.Arbitrary<WeakScenario> = fc.record({
  changes,
  checkPasses: fc.boolean(),
  cancels: fc.boolean().map((yes) => yes),
  fault,
  secondCrashAt: fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 80 })),
  powerLoss: fc.boolean(),
  edit: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: edit }),
  snapshotTurns: fc.oneof(
    { weight: 2, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.nat({ max: 2_000 }) },
  ),
  seed: fc.nat(),
});
