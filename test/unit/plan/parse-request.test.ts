import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { InputIssue } from '../../../src/errors/error-table.js';
import { requestLimits } from '../../../src/plan/request-limits.js';
import { parseRequest } from '../../../src/plan/parse-request.js';
import { fuzzRuns, onlyRefuses, refusal } from './refusal.js';

function issues(input: unknown): InputIssue[] {
  const error = refusal(() => parseRequest(input));
  expect(error.code).toBe('REQUEST_INVALID');
  return (error.details as { issues: InputIssue[] }).issues;
}

const request = (change: object) => ({
  description: 'd',
  changes: [{ file: 'a.ts', type: 'modify', ...change }],
});

describe('accepts', () => {
  test('a whole request, and gives a copy of it', () => {
    const input = {
      description: ' Fix it ',
      targetFiles: ['src/a.ts'],
      requiresRestart: true,
      skipTests: false,
      changes: [
        { file: 'src/a.ts', type: 'modify', description: 'x', risk: 'low', content: 'whole' },
        { file: 'src/b.ts', type: 'modify', edits: [{ oldText: 'a', newText: '' }] },
        { file: 'src/c.ts', type: 'modify', patch: '@@ -1 +1 @@\n-a\n+b\n', mode: '755' },
        { file: 'img.png', type: 'create', contentBase64: 'AAEC', mode: '0644' },
        { file: 'link', type: 'create', symlink: 'src/a.ts' },
        { file: 'run.sh', type: 'modify', mode: '0755' },
        { file: 'later.ts', type: 'create' },
        { file: 'empty.ts', type: 'create', content: '' },
        { file: 'empty.bin', type: 'create', contentBase64: '' },
        { file: 'old.ts', type: 'delete' },
      ],
    };
    const parsed = parseRequest(input);
    expect(parsed).toEqual(input);
    input.changes[0]!.file = 'changed later';
    input.targetFiles.push('more');
    expect(parsed.changes[0]!.file).toBe('src/a.ts');
    expect(parsed.targetFiles).toEqual(['src/a.ts']);
  });

  test('a request with only a description, with defaults of its own', () => {
    const first = parseRequest({ description: 'd' });
    expect(first).toEqual({ description: 'd', targetFiles: [], changes: [], requiresRestart: false });
    first.targetFiles.push('a');
    expect(parseRequest({ description: 'd' }).targetFiles).toEqual([]);
  });

  test('the longest description', () => {
    expect(parseRequest({ description: 'x'.repeat(10_000) }).description).toHaveLength(10_000);
  });
});

describe('refuses, naming place and fault,', () => {
  test.each<[string, unknown, string, string]>([
    ['null', null, '', 'must be an object, not null'],
    ['a list', [], '', 'must be an object, not a list'],
    ['text', '{}', '', 'must be an object, not text'],
    ['nothing', undefined, '', 'is missing'],
    ['a missing description', {}, 'description', 'is missing'],
    ['an empty description', { description: '' }, 'description', 'must not be empty'],
    ['a blank description', { description: ' \n\t' }, 'description', 'must not be empty'],
    ['a number as description', { description: 7 }, 'description', 'must be text, not a number'],
    [
      'a long description',
      { description: 'x'.repeat(10_001) },
      'description',
      'must have at most 10,000 characters',
    ],
    [
      'targetFiles as text',
      { description: 'd', targetFiles: 'a' },
      'targetFiles',
      'must be a list, not text',
    ],
    ['an empty target', { description: 'd', targetFiles: ['a', ''] }, 'targetFiles.1', 'must not be empty'],
    ['changes as object', { description: 'd', changes: {} }, 'changes', 'must be a list, not an object'],
    [
      'a wrong flag',
      { description: 'd', requiresRestart: 'yes' },
      'requiresRestart',
      'must be true or false, not text',
    ],
    [
      'null for a flag',
      { description: 'd', skipTests: null },
      'skipTests',
      'must be true or false, not null',
    ],
    ['an unknown key', { description: 'd', skiptests: true }, 'skiptests', '"skiptests" is not a known key'],
    [
      'a change that is text',
      { description: 'd', changes: ['a'] },
      'changes.0',
      'must be an object, not text',
    ],
    ['an unknown key of a change', request({ path: 'x' }), 'changes.0.path', '"path" is not a known key'],
    ['a missing file', { description: 'd', changes: [{ type: 'delete' }] }, 'changes.0.file', 'is missing'],
    ['an empty file', request({ file: '' }), 'changes.0.file', 'must not be empty'],
    [
      'an unknown type',
      request({ type: 'move' }),
      'changes.0.type',
      'must be one of "create", "modify", "delete"',
    ],
    [
      'a missing type',
      { description: 'd', changes: [{ file: 'a' }] },
      'changes.0.type',
      'is missing; it must be one of "create", "modify", "delete"',
    ],
    [
      'an unknown risk',
      request({ risk: 'critical' }),
      'changes.0.risk',
      'must be one of "low", "medium", "high"',
    ],
    [
      'content and patch',
      request({ content: '', patch: 'p' }),
      'changes.0.patch',
      'cannot stand beside content: give one of them',
    ],
    [
      'content and symlink',
      request({ content: '', symlink: 'p' }),
      'changes.0.symlink',
      'cannot stand beside content: give one of them',
    ],
    ['no edits', request({ edits: [] }), 'changes.0.edits', 'must not be empty'],
    [
      'an empty oldText',
      request({ edits: [{ oldText: '', newText: 'x' }] }),
      'changes.0.edits.0.oldText',
      'must not be empty',
    ],
    ['a missing newText', request({ edits: [{ oldText: 'x' }] }), 'changes.0.edits.0.newText', 'is missing'],
    [
      'an unknown key of an edit',
      request({ edits: [{ oldText: 'x', newText: '', all: true }] }),
      'changes.0.edits.0.all',
      '"all" is not a known key',
    ],
    ['an empty patch', request({ patch: '' }), 'changes.0.patch', 'must not be empty'],
    ['an empty symlink', request({ symlink: '' }), 'changes.0.symlink', 'must not be empty'],
    ['a NUL in a symlink', request({ symlink: 'a\0' }), 'changes.0.symlink', 'contains a NUL character'],
    [
      'a symlink with mode',
      request({ symlink: 'a', mode: '755' }),
      'changes.0.mode',
      'a symbolic link has no mode of its own',
    ],
    [
      'edits of a new file',
      request({ type: 'create', edits: [{ oldText: 'a', newText: 'b' }] }),
      'changes.0.edits',
      'needs a file that is there: type "modify"',
    ],
    [
      'a patch of a new file',
      request({ type: 'create', patch: 'p' }),
      'changes.0.patch',
      'needs a file that is there: type "modify"',
    ],
    [
      'content of a deletion',
      request({ type: 'delete', content: '' }),
      'changes.0.content',
      'a deletion takes none',
    ],
    [
      'a mode of a deletion',
      request({ type: 'delete', mode: '644' }),
      'changes.0.mode',
      'a deletion takes none',
    ],
  ])('%s', (_, input, path, message) => {
    expect(issues(input)).toEqual([{ path, message }]);
  });

  test.each([['4755'], ['888'], ['64'], ['0o644'], ['u+x'], ['644\n'], ['']])('mode %j', (mode) => {
    expect(issues(request({ mode }))).toMatchObject([{ path: 'changes.0.mode' }]);
  });

  test.each([
    ['A'],
    ['AA'],
    ['AAA'],
    ['AAE'],
    ['AAEC\n'],
    ['A-_C'],
    ['AA=='.repeat(2)],
    ['äää='],
    ['===='],
    ['hello world!'],
  ])('base64 %j', (contentBase64) => {
    expect(issues(request({ contentBase64 }))).toMatchObject([{ path: 'changes.0.contentBase64' }]);
  });

  test.each([['content'], ['patch'], ['symlink']])(
    'half a character in %s, which would be stored as another',
    (key) => {
      expect(issues(request({ [key]: 'a\ud800b' }))).toMatchObject([{ path: `changes.0.${key}` }]);
    },
  );

  test('half a character in an edit', () => {
    expect(issues(request({ edits: [{ oldText: 'x', newText: '\udc00' }] }))).toMatchObject([
      { path: 'changes.0.edits.0.newText' },
    ]);
  });

  test('more than the limits', () => {
    const changes = Array.from({ length: requestLimits.changes + 1 }, () => ({ file: 'a', type: 'delete' }));
    expect(issues({ description: 'd', changes })).toEqual([
      { path: 'changes', message: 'must have at most 100,000 items' },
    ]);
    expect(issues(request({ file: 'x'.repeat(4097) }))).toMatchObject([{ path: 'changes.0.file' }]);
  });

  test('every fault at once', () => {
    const input = {
      description: '',
      surprise: 1,
      other: 2,
      changes: [
        { file: 1, type: 'x' },
        { file: 'a', type: 'delete', zzz: 1 },
      ],
    };
    expect(
      issues(input)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['changes.0.file', 'changes.0.type', 'changes.1.zzz', 'description', 'other', 'surprise']);
    const { message, remedy } = refusal(() => parseRequest(input));
    expect(message).toContain('changes.0.file: must be text, not a number');
    expect(remedy).not.toBe('');
  });
});

test('keys that reach for prototypes are unknown keys and do nothing', () => {
  const input: unknown = JSON.parse(
    '{"description":"d","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"changes":[{"file":"a","type":"delete","__proto__":{"content":"x"}}]}',
  );
  expect(
    issues(input)
      .map(({ path }) => path)
      .sort(),
  ).toEqual(['__proto__', 'changes.0.__proto__', 'constructor']);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test('fields that are inherited do not count', () => {
  const input = Object.create({ surprise: 1 }) as Record<string, unknown>;
  input.description = 'd';
  onlyRefuses(() => parseRequest(input));
});

describe('for any input', () => {
  const key = fc.constantFrom(
    ...[
      'description',
      'targetFiles',
      'changes',
      'requiresRestart',
      'file',
      'type',
      'content',
      'edits',
      'mode',
    ],
    ...['oldText', 'patch', '__proto__', 'constructor', 'toString'],
  );
  const value = fc.oneof(fc.anything(), fc.constantFrom('create', 'modify', 'delete', 'low', '0644', 'QQ=='));
  const change = fc.dictionary(key, value);
  const shaped = fc.record(
    {
      description: fc.oneof(fc.string(), fc.anything()),
      changes: fc.array(fc.oneof(change, value), { maxLength: 3 }),
      targetFiles: value,
    },
    { requiredKeys: [] },
  );

  test('it answers or refuses with REQUEST_INVALID', () => {
    const property = fc.property(fc.oneof(fc.anything(), shaped), (input) => {
      try {
        parseRequest(input);
      } catch (error) {
        expect(error).toMatchObject({ name: 'MoultError', code: 'REQUEST_INVALID' });
      }
    });
    fc.assert(property, { numRuns: fuzzRuns });
  });

  test('what it lets through, it lets through again', () => {
    const property = fc.property(fc.string({ minLength: 1 }), fc.base64String(), (text, contentBase64) => {
      const once = parseRequest({
        description: `d${text}`,
        changes: [{ file: text, type: 'create', contentBase64 }],
      });
      expect(parseRequest(JSON.parse(JSON.stringify(once)))).toEqual(once);
    });
    fc.assert(property, { numRuns: fuzzRuns });
  });
});
