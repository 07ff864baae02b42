import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { PlannedChange } from '../../../src/improvement.js';
import { newContent } from '../../../src/plan/new-content.js';
import { growth } from '../../support/growth.js';
import { fuzzRuns, onlyRefuses, refusal } from './refusal.js';

const bytes = (text: string) => Buffer.from(text, 'utf8');
const edit = (before: string, ...edits: [string, string][]) =>
  Buffer.from(newContent(editing(...edits), bytes(before))).toString();
const editing = (...edits: [string, string][]): PlannedChange => ({
  file: 'a.ts',
  type: 'modify',
  edits: edits.map(([oldText, newText]) => ({ oldText, newText })),
});
const editRefusal = (before: string, ...edits: [string, string][]) => refusal(() => edit(before, ...edits));

describe('whole content', () => {
  test('is UTF-8, and nothing is added to it', () => {
    const change: PlannedChange = { file: 'a', type: 'create', content: '\uFEFFä\r\n😀' };
    expect(Buffer.from(newContent(change, null)).toString('hex')).toBe('efbbbfc3a40d0af09f9880');
    expect(newContent({ file: 'a', type: 'modify', content: '' }, bytes('old'))).toHaveLength(0);
  });

  test('of bytes comes as it is', () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const change: PlannedChange = { file: 'a', type: 'create', contentBase64: all.toString('base64') };
    expect(Buffer.compare(newContent(change, null), all)).toBe(0);
    expect(newContent({ ...change, contentBase64: '' }, null)).toHaveLength(0);
  });

  test('with half a character is refused: it would be stored as another', () => {
    const error = refusal(() => newContent({ file: 'a', type: 'create', content: 'x\ud800' }, null));
    expect(error.code).toBe('NOT_TEXT');
  });
});

describe('no content', () => {
  test('beside a mode leaves the bytes of a modification', () => {
    const before = Buffer.from([0, 255]);
    expect(newContent({ file: 'a', type: 'modify', mode: '755' }, before)).toEqual(before);
  });

  test.each<PlannedChange>([
    { file: 'a', type: 'create' },
    { file: 'a', type: 'create', mode: '755' },
    { file: 'a', type: 'modify' },
    { file: 'a', type: 'delete' },
  ])('is refused for %j', (change) => {
    expect(refusal(() => newContent(change, bytes('x'))).code).toBe('CHANGE_WITHOUT_CONTENT');
  });
});

describe('edits', () => {
  test('are applied one after the other, each to what the last one left', () => {
    expect(edit('one two', ['one', 'three'], ['three two', 'done'])).toBe('done');
  });

  test('keep byte order mark, line ends, NUL and all that is around them', () => {
    expect(edit('\uFEFFa\r\nb\nc\r\0', ['b', 'x'])).toBe('\uFEFFa\r\nx\nc\r\0');
  });

  test('can remove text, and match across lines and the whole file', () => {
    expect(edit('a\r\nb\r\nc', ['a\r\nb\r\n', ''])).toBe('c');
    expect(edit('abc', ['abc', ''])).toBe('');
  });

  test.each(['$&', '$1', '$$', "$`$'", '$<x>', '\\n', '\\'])(
    'take %j in the new text literally',
    (newText) => {
      expect(edit('a X b', ['X', newText])).toBe(`a ${newText} b`);
    },
  );

  test('take signs of regular expressions in the old text literally', () => {
    expect(edit('f(x) [a-z]* .*', ['[a-z]*', 'Y'])).toBe('f(x) Y .*');
  });

  test.each<[string, string, number]>([
    ['abc', 'x', 0],
    ['', 'x', 0],
    ['a\r\nb', 'a\nb', 0],
    ['aXbX', 'X', 2],
    ['aaa', 'aa', 2],
    ['aaaaa', 'aa', 4],
    ['abababa', 'aba', 3],
    ['aabaabaaab', 'aab', 3],
  ])('in %j refuse %j, which occurs %i times', (before, oldText, count) => {
    const error = editRefusal(before, [oldText, 'y']);
    expect(error.code).toBe('EDIT_NOT_UNIQUE');
    expect(error.details).toEqual({ path: 'a.ts', edit: 1, count, oldText });
  });

  test('say which one failed', () => {
    const error = editRefusal('a b', ['a', 'b'], ['b', 'c']);
    expect(error.details).toMatchObject({ edit: 2, count: 2 });
  });

  test('count in linear time where the text overlaps itself everywhere', () => {
    const prepare = (length: number) => {
      const [before, oldText] = ['a'.repeat(2 * length), 'a'.repeat(length)];
      return () => expect(editRefusal(before, [oldText, '']).details.count).toBe(length + 1);
    };
    expect(growth(prepare, 500, 50)).toBeLessThan(6 * 50);
  });

  test.each([['80'], ['c0af'], ['eda080'], ['ff00'], ['f0908d']])(
    'refuse bytes that are not UTF-8: %s',
    (hex) => {
      const error = refusal(() => newContent(editing(['a', 'b']), Buffer.from(`61${hex}`, 'hex')));
      expect(error.code).toBe('NOT_TEXT');
    },
  );

  test('need a file', () => {
    const error = refusal(() => newContent(editing(['a', 'b']), null));
    expect(error.code).toBe('FILE_MISSING');
  });

  test('work on a view into a larger buffer', () => {
    const view = new Uint8Array(Buffer.from('xxabcxx')).subarray(2, 5);
    expect(Buffer.from(newContent(editing(['b', 'B']), view)).toString()).toBe('aBc');
  });

  test('with unique markers do what was meant, and back', () => {
    const text = fc.string({ unit: 'grapheme' }).map((raw) => raw.replaceAll(/[\u0001\u0002]/g, ''));
    const property = fc.property(
      fc.array(text, { minLength: 2, maxLength: 6 }),
      fc.array(text),
      (parts, news) => {
        const markers = parts.slice(1).map((_, i) => `\u0001${i}\u0002`);
        const before = parts.map((part, i) => part + (markers[i] ?? '')).join('');
        const replacements = markers.map((marker, i) => `\u0001${news[i] ?? ''}${marker}`);
        const there = markers.map((marker, i): [string, string] => [marker, replacements[i]!]);
        const back = there.map(([a, b]): [string, string] => [b, a]).reverse();
        const after = edit(before, ...there);
        expect(after).toBe(parts.map((part, i) => part + (replacements[i] ?? '')).join(''));
        expect(edit(after, ...back)).toBe(before);
      },
    );
    fc.assert(property, { numRuns: fuzzRuns });
  });
});

test('any change to any bytes gives bytes or a refusal', () => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom('a', 'aa', '\n', '@@ -1 +1 @@\n-a\n+b\n', '--- a\n', '+++ b\n', '\ud800'),
  );
  const content = fc.oneof(
    fc.record({ content: part }),
    fc.record({ contentBase64: part }),
    fc.record({ edits: fc.array(fc.record({ oldText: part, newText: part }), { maxLength: 3 }) }),
    fc.record({ patch: fc.array(part).map((parts) => parts.join('')) }),
    fc.record({ mode: fc.constant('755') }),
  );
  const before = fc.oneof(
    fc.constant(null),
    fc.uint8Array(),
    fc.array(part).map((parts) => bytes(parts.join(''))),
  );
  const type = fc.constantFrom('create' as const, 'modify' as const, 'delete' as const);
  const property = fc.property(type, content, before, (kind, what, image) =>
    onlyRefuses(() =>
      expect(newContent({ file: 'a', type: kind, ...what }, image)).toBeInstanceOf(Uint8Array),
    ),
  );
  fc.assert(property, { numRuns: 5 * fuzzRuns });
});
