import { expect, it } from 'vitest';
import { mayHoldMatch } from '../../../src/plan/may-hold-match.js';

it.each<[pattern: string, folder: string, mayHold: boolean]>([
  ['dist', 'src', false],
  ['packages/*/dist', 'packages', true],
  ['packages/*/dist', 'packages/one', true],
  ['packages/*/dist', 'packages/one/src', false],
  ['packages/*/dist', 'others', false],
  ['packages/*/dist', 'others/one', false],
  ['**/*.tsbuildinfo', 'any/depth/at/all', true],
  ['src/**/out', 'src/a/b', true],
  ['src/**/out', 'test/a', false],
  ['./a//b', 'a', true],
])('a folder that %s may name something below: %s is %s', (pattern, folder, mayHold) => {
  expect(mayHoldMatch([pattern])(folder)).toBe(mayHold);
});
