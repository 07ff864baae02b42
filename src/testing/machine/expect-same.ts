import { AssertionError } from 'node:assert';
import { isDeepStrictEqual } from 'node:util';

/** @throws AssertionError, of which every test runner shows both sides. */
export function expectSame(actual: unknown, expected: unknown, where: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new AssertionError({
    message: `It is not as expected ${where}`,
    actual,
    expected,
    operator: 'deepStrictEqual',
  });
}
