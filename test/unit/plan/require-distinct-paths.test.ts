import { expect, test } from 'vitest';
import fc from 'fast-check';
import { requireDistinctPaths } from '../../../src/plan/require-distinct-paths.js';
import { growth } from '../../support/growth.js';
import { refusal } from './refusal.js';

test('distinct paths pass, neighbours in the same folder and names with a common beginning too', () => {
  requireDistinctPaths([]);
  requireDistinctPaths(['a/b', 'a/c', 'a.b', 'ab', 'a-b/c', 'A2/b', 'a!']);
});

test.each([
  ['twice', ['x', 'a', 'a'], 'same', 'more than once'],
  ['in another case', ['src/A.ts', 'x', 'src/a.ts'], 'spelling', 'one file'],
  ['in another Unicode form', ['caf\u00e9', 'cafe\u0301'], 'spelling', 'one file'],
  ['with a code point macOS ignores', ['a\u200cb', 'ab'], 'spelling', 'one file'],
  ['one below the other', ['a/b/c', 'a!', 'a'], 'below', 'below'],
  ['one below the other in another case', ['A', 'a.b', 'a/b'], 'below', 'below'],
  ['with the Kelvin sign', ['\u212a.ts', 'k.ts'], 'spelling', 'one file'],
])('paths given %s are refused', (_, paths, relation, words) => {
  const error = refusal(() => requireDistinctPaths(paths));
  expect(error.code).toBe('PATH_DUPLICATE');
  expect(error.details).toMatchObject({ relation });
  expect(error.message).toContain(words);
});

test('finds a conflict wherever it stands in the list', () => {
  const name = fc.constantFrom('a', 'A', 'b', 'b!', 'b.c');
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const property = fc.property(fc.array(path, { maxLength: 8 }), (paths) => {
    const clash = paths.some((a, i) =>
      paths.some((b, j) => i !== j && `${a.toLowerCase()}/`.startsWith(`${b.toLowerCase()}/`)),
    );
    if (clash) expect(refusal(() => requireDistinctPaths(paths)).code).toBe('PATH_DUPLICATE');
    else requireDistinctPaths(paths);
  });
  fc.assert(property, { numRuns: 2_000 });
});

test('many paths are compared in about linear time', () => {
  const prepare = (count: number) => {
    const paths = Array.from({ length: count }, (_, i) => `a/b/${i}.ts`);
    return () => requireDistinctPaths(paths);
  };
  expect(growth(prepare, 300, 50)).toBeLessThan(6 * 50);
});

test('deep paths are compared in linear time', () => {
  const prepare = (depth: number) => {
    const deep = 'a/'.repeat(depth);
    const paths = Array.from({ length: 10 }, (_, i) => `${deep}${i}.ts`);
    return () => requireDistinctPaths(paths);
  };
  expect(growth(prepare, 40, 50)).toBeLessThan(6 * 50);
});
