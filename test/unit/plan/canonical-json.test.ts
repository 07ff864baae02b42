import { expect, test } from 'vitest';
import fc from 'fast-check';
import { canonicalJson, canonicalPieces } from '../../../src/plan/canonical-json.js';
import { fuzzRuns } from './refusal.js';

test('the order of keys does not count, the order of a list does', () => {
  expect(canonicalJson({ b: [2, 1], a: { d: 1, c: null } })).toBe('{"a":{"c":null,"d":1},"b":[2,1]}');
  expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
});

test('undefined members are left out, as in JSON', () => {
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
});

test('a __proto__ key from JSON counts', () => {
  expect(canonicalJson(JSON.parse('{"__proto__": 1}'))).toBe('{"__proto__":1}');
});

test.each([
  [() => 1],
  [Number.NaN],
  [Infinity],
  [1n],
  [Symbol('s')],
  [undefined],
  [[undefined]],
  [new Date()],
])('what JSON cannot hold is refused: %s', (value) => {
  expect(() => canonicalJson({ deep: [value] })).toThrow(TypeError);
});

test('is JSON of the same value, and stable', () => {
  const property = fc.property(fc.jsonValue(), (value) => {
    const text = canonicalJson(value);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    expect(canonicalJson(JSON.parse(text))).toBe(text);
  });
  fc.assert(property, { numRuns: fuzzRuns });
});

test('in pieces it is the same text', () => {
  const property = fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
    expect([...canonicalPieces(value)].join('')).toBe(canonicalJson(value));
  });
  fc.assert(property, { numRuns: fuzzRuns });
});
