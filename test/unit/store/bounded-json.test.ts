import { describe, expect, it } from 'vitest';
import { boundedJson } from '../../../src/store/bounded-json.js';

describe('boundedJson', () => {
  it('leaves JSON as it is', () => {
    const value = { text: 'a', list: [1, true, null], inner: { deep: [{}] } };
    expect(boundedJson(value)).toEqual(value);
  });

  it('has a word for what JSON has none for', () => {
    const value = {
      error: Object.assign(new Error('no'), { code: 'E' }),
      map: new Map([['a', 1]]),
      set: new Set([1]),
      date: new Date(0),
      bytes: new Uint8Array(3),
      big: 12n,
      call: () => 1,
      mark: Symbol('s'),
      nan: Number.NaN,
      missing: undefined,
    };
    expect(boundedJson(value)).toEqual({
      error: { name: 'Error', message: 'no', code: 'E' },
      map: [['a', 1]],
      set: [1],
      date: '1970-01-01T00:00:00.000Z',
      bytes: '[3 bytes]',
      big: '12',
      call: '[function]',
      mark: '[Symbol(s)]',
      nan: 'NaN',
    });
    expect(boundedJson(undefined)).toBeNull();
  });

  it('survives circles, getters that throw and a name like __proto__', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const mean = Object.defineProperty({}, 'x', {
      enumerable: true,
      get: () => {
        throw new Error('mine');
      },
    });
    expect(boundedJson(circle)).toEqual({ self: '[circular]' });
    expect(boundedJson({ mean })).toEqual({ mean: '[not readable: Error: mine]' });
    const odd = boundedJson(JSON.parse('{"__proto__":{"polluted":1}}')) as object;
    expect(JSON.stringify(odd)).toBe('{"__proto__":{"polluted":1}}');
  });

  it('is bounded in length, width and depth', () => {
    let deep: unknown = 'end';
    for (let index = 0; index < 1_000; index += 1) deep = [deep];
    const wide = Array.from({ length: 100_000 }, (_, index) => `item ${index}`);
    const many = Object.fromEntries(wide.map((name) => [name, 'x'.repeat(1_000)]));
    for (const value of [deep, wide, many, 'x'.repeat(10_000_000), [wide, wide, many]])
      expect(JSON.stringify(boundedJson(value)).length).toBeLessThan(100_000);
    expect(boundedJson('abcdef', { maxCharacters: 3 })).toBe('abc… (6 characters)');
    expect(boundedJson([1, 2, 3], { maxItems: 2 })).toEqual([1, 2, '… (3 items)']);
  });
});
