import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { globMatcher } from '../../../src/plan/glob-matcher.js';
import { growth } from '../../support/growth.js';
import { fuzzRuns } from './refusal.js';

const matches = (pattern: string, path: string) => globMatcher([pattern])(path);

describe('matching', () => {
  test.each([
    ['src/a.ts', 'src/a.ts'],
    ['src', 'src/deep/a.ts'],
    ['src/', 'src/a.ts'],
    ['./src//a.ts', 'src/a.ts'],
    ['/src', 'src/a.ts'],
    ['.', 'any/thing'],
    ['src/*.ts', 'src/a.ts'],
    ['src/*', 'src/deep/a.ts'],
    ['src/?.ts', 'src/a.ts'],
    ['src/?.ts', 'src/é.ts'],
    ['src/?.ts', 'src/😀.ts'],
    ['s*c/**/a.ts', 'src/a.ts'],
    ['src/**/a.ts', 'src/x/y/z/a.ts'],
    ['**/*.test.ts', 'a.test.ts'],
    ['**/*.test.ts', 'x/y/a.test.ts'],
    ['**/b/**/b/c', 'b/a/b/b/c'],
    ['**/services/**', 'backend/src/services/x.ts'],
    ['a**b', 'axxb'],
    ['*a*b*', 'xxaxxbxx'],
    ['SRC/Ä.ts', 'src/a\u0308.ts'],
    ['*', '.env'],
    ['a+(b).[c]', 'a+(b).[c]'],
    ['line\nbreak*', 'line\nbreak.ts'],
  ])('%j matches %j', (pattern, path) => {
    expect(matches(pattern, path)).toBe(true);
  });

  test.each([
    ['src/a.ts', 'src/a.tsx'],
    ['src/a.ts', 'lib/src/a.ts'],
    ['src', 'srcs/a.ts'],
    ['src/*.ts', 'src/deep/a.ts'],
    ['*.ts', 'src/a.ts'],
    ['src/?.ts', 'src/ab.ts'],
    ['src/?.ts', 'src/.ts'],
    ['src/**/a.ts', 'src/b.ts'],
    ['src/*/a.ts', 'src/a.ts'],
    ['a**b', 'a/b'],
    ['a.c', 'abc'],
    ['[ab].ts', 'a.ts'],
    ['', 'a'],
    ['src/a', 'src'],
  ])('%j does not match %j', (pattern, path) => {
    expect(matches(pattern, path)).toBe(false);
  });

  test('one of several patterns is enough, none matches nothing', () => {
    expect(globMatcher(['x', 'src/**'])('src/a.ts')).toBe(true);
    expect(globMatcher([])('src/a.ts')).toBe(false);
  });
});

/** The obvious definition, exponential and right. */
function oracle(pattern: string[], names: string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return true;
  if (first === '**') return oracle(rest, names) || (names.length > 0 && oracle(pattern, names.slice(1)));
  return names.length > 0 && oracleName([...first], [...names[0]!]) && oracle(rest, names.slice(1));
}
function oracleName(pattern: string[], name: string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return name.length === 0;
  if (first === '*') return oracleName(rest, name) || (name.length > 0 && oracleName(pattern, name.slice(1)));
  return name.length > 0 && (first === '?' || first === name[0]) && oracleName(rest, name.slice(1));
}

test('agrees with the recursive definition', () => {
  const name = (letters: string[]) =>
    fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 5 }).map((all) => all.join(''));
  const property = fc.property(
    fc.array(fc.oneof(fc.constant('**'), name(['a', 'b', '*', '?'])), { minLength: 1, maxLength: 5 }),
    fc.array(name(['a', 'b']), { minLength: 1, maxLength: 6 }),
    (pattern, names) => {
      expect(matches(pattern.join('/'), names.join('/'))).toBe(oracle(pattern, names));
    },
  );
  fc.assert(property, { numRuns: 5 * fuzzRuns });
});

test.each<[string, string, (length: number) => string]>([
  ['stars within a component', '*a*b', (length) => 'a'.repeat(length)],
  ['stars across components', '**/a/**/b', (length) => Array(length).fill('a').join('/')],
  ['both', '**/?/**/*b', (length) => Array(length).fill('a').join('/')],
])('%s cost linear time in the length of the path', (_, pattern, pathOf) => {
  const prepare = (length: number) => {
    const path = pathOf(length);
    return () => expect(matches(pattern, path)).toBe(false);
  };
  expect(growth(prepare, 80, 50)).toBeLessThan(6 * 50);
});

// These sizes would never come to an end if each wildcard were retried.
test.each([
  ['stars within a component', `${'*a'.repeat(100)}b`, 'a'.repeat(250)],
  ['stars across components', `${'**/a/'.repeat(400)}b`, Array(2000).fill('a').join('/')],
  ['both', `${'**/*a*a*b/'.repeat(100)}c`, Array(40).fill('a'.repeat(100)).join('/')],
])('many %s come to an end', (_, pattern, path) => {
  expect(matches(pattern, path)).toBe(false);
});
