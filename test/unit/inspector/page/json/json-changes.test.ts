import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonChanges } from '../../../../../src/inspector/page/json/json-changes.js';
import type { Json } from '../../../../../src/inspector/protocol/session.js';

describe('the changes between two values', () => {
  it('name each leaf by its path', () => {
    const before = { a: 1, list: [{ b: 'x' }], same: { deep: true }, gone: null };
    const after = { a: 2, list: [{ b: 'y' }, { b: 'z' }], same: { deep: true }, fresh: [1] };
    expect(jsonChanges(before, after)).toEqual([
      { path: 'a', before: 1, after: 2 },
      { path: 'list[0].b', before: 'x', after: 'y' },
      { path: 'list[1]', before: undefined, after: { b: 'z' } },
      { path: 'gone', before: null, after: undefined },
      { path: 'fresh', before: undefined, after: [1] },
    ]);
  });

  it('show a value that became one of another kind as a whole', () => {
    expect(jsonChanges({ a: null }, { a: { b: 1 } })).toEqual([{ path: 'a', before: null, after: { b: 1 } }]);
    expect(jsonChanges({ a: [1] }, { a: { 0: 1 } })).toHaveLength(1);
  });

  it('do not mistake what every object inherits for a key', () => {
    expect(jsonChanges({}, { constructor: 1 })).toEqual([
      { path: 'constructor', before: undefined, after: 1 },
    ]);
  });

  it('are none exactly where both are the same', () => {
    const json = fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(json, json, (one, other) => {
        expect(jsonChanges(one, structuredClone(one))).toEqual([]);
        expect(jsonChanges(one, other).length > 0).toBe(!isDeepStrictEqual(one, other));
      }),
    );
  });
});
