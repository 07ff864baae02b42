import type { ErrorCode } from '../../src/errors/error-table.js';

export interface RawAttack {
  name: string;
  /** A whole request, as it comes. */
  request: () => unknown;
  code: ErrorCode;
}

const withChange = (change: object) => () => ({ description: 'attack', changes: [change] });
const raw = (json: string) => () => JSON.parse(json) as unknown;
const nested = (depth: number) => {
  let value: unknown = 'x';
  for (let level = 0; level < depth; level++) value = [value];
  return value;
};
const patched = (name: string, patch: string): RawAttack => ({
  name: `a patch ${name}`,
  request: withChange({ file: 'src/a.ts', type: 'modify', patch }),
  code: 'PATCH_REJECTED',
});
const hunk = '@@ -1 +1 @@\n-x\n+y\n';

/** Requests that are no requests, or say one thing and do another. */
export const requestAttacks: RawAttack[] = [
  { name: 'no object', request: () => null, code: 'REQUEST_INVALID' },
  {
    name: 'a prototype in the request',
    request: raw('{"description":"x","changes":[],"__proto__":{"requiresRestart":true}}'),
    code: 'REQUEST_INVALID',
  },
  {
    name: 'a prototype in a change',
    request: raw(
      '{"description":"x","changes":[{"file":"n","type":"create","content":"","__proto__":{"mode":"0777"}}]}',
    ),
    code: 'REQUEST_INVALID',
  },
  {
    name: 'checks of its own',
    request: () => ({ description: 'x', changes: [], checks: [{ name: 'fine', command: 'true' }] }),
    code: 'REQUEST_INVALID',
  },
  {
    name: 'an approval of its own',
    request: () => ({ description: 'x', changes: [], approvalRequired: false }),
    code: 'REQUEST_INVALID',
  },
  {
    name: 'an origin of its own',
    request: () => ({ description: 'x', changes: [], origin: 'cli' }),
    code: 'REQUEST_INVALID',
  },
  {
    name: 'a description nested a million deep',
    request: () => ({ description: nested(1e6), changes: [] }),
    code: 'REQUEST_INVALID',
  },
  {
    name: 'a change nested a million deep',
    request: withChange({ file: nested(1e6), type: 'create' }),
    code: 'REQUEST_INVALID',
  },
  {
    name: 'a million changes',
    request: () => ({
      description: 'x',
      changes: new Array(1e6).fill({ file: 'n', type: 'create', content: '' }),
    }),
    code: 'REQUEST_INVALID',
  },
  {
    name: 'a million target files',
    request: () => ({ description: 'x', changes: [], targetFiles: new Array(1e6).fill('n') }),
    code: 'REQUEST_INVALID',
  },
  {
    name: 'more files than the configuration allows',
    request: () => ({
      description: 'x',
      changes: Array.from({ length: 21 }, (_, n) => ({ file: `n${n}`, type: 'create', content: '' })),
    }),
    code: 'LIMIT_EXCEEDED',
  },
  {
    name: 'a file larger than the configuration allows',
    request: withChange({ file: 'n', type: 'create', content: 'x'.repeat(1_001) }),
    code: 'LIMIT_EXCEEDED',
  },
  {
    name: 'more bytes than the configuration allows',
    request: () => ({
      description: 'x',
      changes: [1, 2, 3].map((n) => ({ file: `n${n}`, type: 'create', content: 'x'.repeat(900) })),
    }),
    code: 'LIMIT_EXCEEDED',
  },
  {
    name: 'a text longer than a request may hold',
    request: withChange({ file: 'n', type: 'create', content: 'x'.repeat(100_000_001) }),
    code: 'REQUEST_INVALID',
  },
  {
    name: 'set-user-id',
    request: withChange({ file: 'n', type: 'create', content: '', mode: '4755' }),
    code: 'REQUEST_INVALID',
  },
  {
    name: 'no mode',
    request: withChange({ file: 'n', type: 'create', content: '', mode: '-x' }),
    code: 'REQUEST_INVALID',
  },
  {
    name: 'a NUL in the target of a link',
    request: withChange({ file: 'n', type: 'create', symlink: 'a\0b' }),
    code: 'REQUEST_INVALID',
  },
  {
    name: 'half a character as content',
    request: withChange({ file: 'n', type: 'create', content: '\ud800' }),
    code: 'REQUEST_INVALID',
  },
  {
    name: 'base64 that is none',
    request: withChange({ file: 'n', type: 'create', contentBase64: 'a*b=' }),
    code: 'REQUEST_INVALID',
  },
  {
    name: 'two contents',
    request: withChange({ file: 'n', type: 'create', content: 'seen', contentBase64: 'bm90IHNlZW4=' }),
    code: 'REQUEST_INVALID',
  },
  {
    name: 'a deletion with content',
    request: withChange({ file: 'src/a.ts', type: 'delete', content: 'x' }),
    code: 'REQUEST_INVALID',
  },
  {
    name: 'a risk of its own invention',
    request: withChange({ file: 'n', type: 'create', content: '', risk: 'none' }),
    code: 'REQUEST_INVALID',
  },
  {
    name: 'an edit that fits twice',
    request: withChange({ file: 'src/a.ts', type: 'modify', edits: [{ oldText: 't', newText: 'x' }] }),
    code: 'EDIT_NOT_UNIQUE',
  },
  {
    name: 'an edit that fits nowhere',
    request: withChange({
      file: 'src/a.ts',
      type: 'modify',
      edits: [{ oldText: 'not there', newText: 'x' }],
    }),
    code: 'EDIT_NOT_UNIQUE',
  },
  patched('for a file outside', `--- a/../outside/secret.txt\n+++ b/../outside/secret.txt\n${hunk}`),
  patched('for another file of the project', `--- a/src/b.ts\n+++ b/src/b.ts\n${hunk}`),
  patched('for two files', `--- a/src/a.ts\n+++ b/src/a.ts\n${hunk}--- a/src/b.ts\n+++ b/src/b.ts\n${hunk}`),
  patched('that deletes', `--- a/src/a.ts\n+++ /dev/null\n${hunk}`),
  patched(
    'that changes a mode',
    `diff --git a/src/a.ts b/src/a.ts\nold mode 100644\nnew mode 100755\n${hunk}`,
  ),
  patched('with lines in no hunk', `--- a/src/a.ts\n+++ b/src/a.ts\n${hunk}+smuggled\n`),
  patched(
    'with a hunk at no line',
    '--- a/src/a.ts\n+++ b/src/a.ts\n@@ -99999999999999999999 +1 @@\n-x\n+y\n',
  ),
  patched('without hunks', 'not a patch at all'),
];
