import { AssertionError } from 'node:assert';
import type { MachineCoverage } from './machine-coverage.js';

/** @throws AssertionError that names each state, edge and answer of a guard that nothing went through. */
export function assertFullCoverage(coverage: MachineCoverage): void {
  const missing = coverage.missing();
  if (missing.length === 0) return;
  const message = `The machine was not covered:\n  ${missing.join('\n  ')}`;
  throw new AssertionError({ message, actual: missing, expected: [], operator: 'deepStrictEqual' });
}
