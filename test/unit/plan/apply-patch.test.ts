import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyPatch } from '../../../src/plan/apply-patch.js';
import { lineEndsOf } from '../../../src/plan/line-ends.js';
import { fuzzRuns, onlyRefuses, refusal } from './refusal.js';

const file = 'src/a.ts';
const header = `--- a/${file}\n+++ b/${file}\n`;
const rejected = (text: string, patch: string, path = file) => {
  const error = refusal(() => applyPatch(path, text, patch));
  expect(error.code).toBe('PATCH_REJECTED');
  return (error.details as { reason: string }).reason;
};

describe('applies', () => {
  test.each<[string, string, string, string]>([
    ['a hunk', 'a\nb\nc\n', `${header}@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n`, 'a\nx\nc\n'],
    ['a hunk with a heading', 'a\nb\n', `${header}@@ -2 +2 @@ function f() {\n-b\n+x\n`, 'a\nx\n'],
    ['a hunk without file names', 'a\nb\n', '@@ -2 +2 @@\n-b\n+x\n', 'a\nx\n'],
    ['a patch whose last line end is missing', 'a\nb\n', '@@ -2 +2 @@\n-b\n+x', 'a\nx\n'],
    [
      'a patch of git',
      'a\n',
      `diff --git a/${file} b/${file}\nindex 123..456 100644\n${header}@@ -1 +1 @@\n-a\n+b\n`,
      'b\n',
    ],
    [
      'a mail of git',
      'a\n',
      `From 1 Mon\nSubject: x\n\n---\n a.ts | 2 +-\n\ndiff --git a/${file} b/${file}\n${header}@@ -1 +1 @@\n-a\n+b\n-- \n2.39.5\n\n`,
      'b\n',
    ],
    [
      'names with time stamps',
      'a\n',
      `--- ${file}\t2024-01-01 00:00:00\n+++ ${file}\t2024-01-01\n@@ -1 +1 @@\n-a\n+b\n`,
      'b\n',
    ],
    ['an insertion before the first line', 'a\n', `${header}@@ -0,0 +1 @@\n+x\n`, 'x\na\n'],
    ['an insertion without context', 'a\nb\n', `${header}@@ -1,0 +2 @@\n+x\n`, 'a\nx\nb\n'],
    ['to an empty file', '', `${header}@@ -0,0 +1,2 @@\n+x\n+y\n`, 'x\ny\n'],
    ['what empties a file', 'a\nb\n', `${header}@@ -1,2 +0,0 @@\n-a\n-b\n`, ''],
    [
      'empty context lines whose space was trimmed',
      'a\n\nb\n',
      `${header}@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n`,
      'a\n\nc\n',
    ],
    [
      'a changed last line without an end',
      'a\nb',
      `${header}@@ -2 +2 @@\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n`,
      'a\nc',
    ],
    [
      'a line end at the end, added',
      'a\nb',
      `${header}@@ -2 +2 @@\n-b\n\\ No newline at end of file\n+b\n`,
      'a\nb\n',
    ],
    [
      'a line end at the end, removed',
      'a\nb\n',
      `${header}@@ -2 +2 @@\n-b\n+b\n\\ No newline at end of file\n`,
      'a\nb',
    ],
    [
      'beside a last line without an end',
      'a\nb',
      `${header}@@ -1,2 +1,2 @@\n-a\n+x\n b\n\\ No newline at end of file\n`,
      'x\nb',
    ],
    [
      'two hunks, the second moved by the first',
      'a\nb\nc\nd\n',
      `${header}@@ -1 +1,2 @@\n a\n+x\n@@ -4 +5 @@\n-d\n+y\n`,
      'a\nx\nb\nc\ny\n',
    ],
    ['a hunk that has moved', '0\n0\n0\na\nb\n', `${header}@@ -1,2 +1,2 @@\n a\n-b\n+x\n`, '0\n0\n0\na\nx\n'],
    [
      'a later hunk after one that has moved, although it would fit elsewhere too',
      'n\na\nk\nb\nk\nk\n',
      `${header}@@ -1,2 +1 @@\n-a\n k\n@@ -4 +3 @@\n-k\n+z\n`,
      'n\nk\nb\nz\nk\n',
    ],
    [
      'at the line it names, although it would fit elsewhere too',
      'k\nk\nk\n',
      `${header}@@ -2 +2 @@\n-k\n+x\n`,
      'k\nx\nk\n',
    ],
    [
      'lines that look like headers',
      '-- a\n++ b\n@@ c\n',
      `${header}@@ -1,3 +1,3 @@\n--- a\n+-- x\n ++ b\n @@ c\n`,
      '-- x\n++ b\n@@ c\n',
    ],
    ['signs of replacement patterns', 'a\n', `${header}@@ -1 +1 @@\n-a\n+$& $1 \\n\n`, '$& $1 \\n\n'],
  ])('%s', (_, before, patch, after) => {
    expect(applyPatch(file, before, patch)).toBe(after);
  });
});

describe('line ends and byte order mark', () => {
  const unix = `${header}@@ -1,3 +1,4 @@\n a\n-b\n+x\n+y\n c\n`;
  const windowsBody = `${header}@@ -1,3 +1,4 @@\n a\r\n-b\r\n+x\r\n+y\r\n c\r\n`;
  const windows = unix.replaceAll('\n', '\r\n');

  test.each([
    ['a Unix patch to a Windows file', 'a\r\nb\r\nc\r\n', unix, 'a\r\nx\r\ny\r\nc\r\n'],
    ['a Windows patch to a Windows file', 'a\r\nb\r\nc\r\n', windows, 'a\r\nx\r\ny\r\nc\r\n'],
    ['a patch of git to a Windows file', 'a\r\nb\r\nc\r\n', windowsBody, 'a\r\nx\r\ny\r\nc\r\n'],
    ['a Windows patch to a Unix file', 'a\nb\nc\n', windows, 'a\nx\ny\nc\n'],
    [
      'a patch that turns Unix into Windows',
      'a\nb\n',
      `${header}@@ -1,2 +1,2 @@\n a\n-b\n+b\r\n`,
      'a\nb\r\n',
    ],
    [
      'a patch that turns Windows into Unix',
      'a\r\nb\r\n',
      `${header}@@ -1,2 +1,2 @@\n a\r\n-b\r\n+b\n`,
      'a\r\nb\n',
    ],
    [
      'an exact patch to a mixed file',
      'a\r\nb\nc\r\n',
      `${header}@@ -1,3 +1,3 @@\n a\r\n-b\n+x\n c\r\n`,
      'a\r\nx\nc\r\n',
    ],
    [
      'a Unix patch to a Windows file with an empty line',
      'a\r\n\r\nb\r\n',
      `${header}@@ -1,3 +1,3 @@\n a\n\n-b\n+x\n`,
      'a\r\n\r\nx\r\n',
    ],
    [
      'a Unix patch to a Windows file without a last line end',
      'a\r\nb',
      `${header}@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n`,
      'a\r\nc',
    ],
    [
      'a Unix patch that gives a Windows file its last line end',
      'a\r\nb',
      `${header}@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n`,
      'a\r\nc\r\n',
    ],
    ['a Windows body to a Unix file', 'a\nb\nc\n', windowsBody, 'a\nx\ny\nc\n'],
    ['a Windows patch to a mixed file', 'a\r\nb\r\nc\r\nd\n', windows, 'a\r\nx\r\ny\r\nc\r\nd\n'],
    [
      'a Windows patch to an empty file',
      '',
      `${header}@@ -0,0 +1 @@\n+a\n`.replaceAll('\n', '\r\n'),
      'a\r\n',
    ],
    [
      'a Windows patch that adds to a Unix file',
      'a\n',
      `${header}@@ -1,0 +2 @@\n+b\n`.replaceAll('\n', '\r\n'),
      'a\nb\n',
    ],
    ['a patch that adds a Windows line to a Unix file', 'a\n', `${header}@@ -1,0 +2 @@\n+b\r\n`, 'a\nb\r\n'],
    [
      'a lone carriage return at the end',
      'a\na',
      `${header}@@ -2 +2 @@\n-a\n\\ No newline at end of file\n+\r\n\\ No newline at end of file\n`,
      'a\n\r',
    ],
    ['a mark the patch does not have', '\uFEFFa\nb\nc\n', unix, '\uFEFFa\nx\ny\nc\n'],
    ['a mark the patch has', '\uFEFFa\nb\n', `${header}@@ -1,2 +1,2 @@\n \uFEFFa\n-b\n+x\n`, '\uFEFFa\nx\n'],
    ['a patch that removes the mark', '\uFEFFa\n', `${header}@@ -1 +1 @@\n-\uFEFFa\n+a\n`, 'a\n'],
    ['a patch that adds a mark', 'a\n', `${header}@@ -1 +1 @@\n-a\n+\uFEFFa\n`, '\uFEFFa\n'],
  ])('%s', (_, before, patch, after) => {
    expect(applyPatch(file, before, patch)).toBe(after);
  });

  test('a Unix patch does not fit the Windows lines of a mixed file', () => {
    expect(rejected('a\r\nb\nc\n', unix)).toBe('hunk 1 does not match the file');
  });
});

describe('refuses', () => {
  const hunk = '@@ -1 +1 @@\n-a\n+b\n';
  test.each<[string, string, string]>([
    ['an empty patch', '', 'no hunks'],
    ['prose', 'Please change a to b.\n', 'no hunks'],
    ['a header alone', header, 'no hunks'],
    ['the name of another file', `--- a/src/b.ts\n+++ b/src/b.ts\n${hunk}`, '"a/src/b.ts"'],
    [
      'a file of the same name elsewhere',
      `--- a/lib/${file}\n+++ b/lib/${file}\n${hunk}`,
      '"a/lib/src/a.ts"',
    ],
    ['the bare name of a file in a folder', `--- a.ts\n+++ a.ts\n${hunk}`, '"a.ts"'],
    [
      'a renaming',
      `diff --git a/${file} b/src/b.ts\nrename from ${file}\nrename to src/b.ts\n--- a/${file}\n+++ b/src/b.ts\n${hunk}`,
      '"b/src/b.ts"',
    ],
    ['an index line with another name', `Index: src/b.ts\n=======\n${header}${hunk}`, '"src/b.ts"'],
    ['two files', `${header}${hunk}--- a/b.ts\n+++ b/b.ts\n${hunk}`, 'more than one file'],
    ['the same file twice', `${header}${hunk}${header}${hunk}`, 'more than one file'],
    ['a creation', `--- /dev/null\n+++ b/${file}\n@@ -0,0 +1 @@\n+b\n`, 'creates or deletes'],
    ['a deletion', `--- a/${file}\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n`, 'creates or deletes'],
    [
      'a change of mode',
      `diff --git a/${file} b/${file}\nold mode 100644\nnew mode 100755\n${header}${hunk}`,
      'mode',
    ],
    [
      'a binary patch',
      `diff --git a/${file} b/${file}\nindex 1..2 100644\nBinary files a/${file} and b/${file} differ\n`,
      'binary',
    ],
    ['only one of the two names', `--- a/${file}\n${hunk}`, 'cannot be read'],
    ['other lines than the file has', `${header}@@ -1 +1 @@\n-x\n+b\n`, 'hunk 1 does not match the file'],
    ['context in another place only', `${header}@@ -1,2 +1,2 @@\n a\n-b\n+c\n`, 'hunk 1 does not match'],
    ['white space that differs', `${header}@@ -1 +1 @@\n-a \n+b\n`, 'hunk 1 does not match'],
    [
      'a second hunk that does not fit',
      `${header}@@ -1 +1 @@\n-a\n+b\n@@ -3 +3 @@\n-x\n+y\n`,
      'hunk 2 does not match',
    ],
    [
      'hunks in the wrong order',
      `${header}@@ -3 +3 @@\n-k\n+y\n@@ -1 +1 @@\n-a\n+b\n`,
      'hunk 2 does not match',
    ],
    [
      'a hunk that fits in two places',
      `${header}@@ -1 +1 @@\n-k\n+y\n`,
      'hunk 1 fits in more than one place',
    ],
    [
      'an insertion behind the end',
      `${header}@@ -9,0 +10 @@\n+y\n`,
      'hunk 1 inserts at a line that is not there',
    ],
    ['counts that are too small', `${header}@@ -1 +1 @@\n-a\n+b\n+c\n`, 'cannot be read'],
    ['counts that are too small before an empty line', `${header}@@ -1 +1 @@\n-a\n+b\n\n+c\n`, 'in no hunk'],
    ['counts that are too large', `${header}@@ -1,4 +1,4 @@\n-a\n+b\n`, 'cannot be read'],
    ['a hunk without numbers', `${header}@@ ... @@\n-a\n+b\n`, 'at which line'],
    ['a second hunk whose header is broken', `${header}${hunk}@@-3 +3@@\n-k\n+y\n`, 'in no hunk'],
    ['a combined diff', `${header}${hunk}@@@ -3 -3 +3 @@@\n--k\n++y\n`, 'in no hunk'],
    ['a fence around it', '```diff\n' + header + hunk + '```\n', 'in no hunk'],
    [
      'a missing line end the file has',
      `${header}@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n`,
      'does not match',
    ],
    [
      'a line end lost inside the file',
      `${header}@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file\n`,
      'without an end',
    ],
  ])('%s', (_, patch, reason) => {
    expect(rejected('a\nq\nk\nk\n', patch)).toContain(reason);
  });

  test('an insertion after a last line without an end, which would join the two', () => {
    expect(rejected('a\nb', `${header}@@ -2,0 +3 @@\n+c\n`)).toContain('without an end');
  });

  test('a line end where the file has none', () => {
    expect(rejected('a', `${header}@@ -1 +1 @@\n-a\n+b\n`)).toBe('hunk 1 does not match the file');
  });
});

test.each([
  [`--- "a/src/gr\\303\\274n.ts"\n+++ "b/src/gr\\303\\274n.ts"\n`, 'src/grün.ts'],
  ['--- a/with space.ts\n+++ b/with space.ts\n', 'with space.ts'],
  ['--- a/a/b.ts\n+++ b/a/b.ts\n', 'a/b.ts'],
  ['--- a/b.ts\n+++ a/b.ts\n', 'a/b.ts'],
  ['--- i/x.ts\n+++ w/x.ts\n', './x.ts'],
])('knows the file by the name %j', (names, path) => {
  expect(applyPatch(path, 'a\n', `${names}@@ -1 +1 @@\n-a\n+b\n`)).toBe('b\n');
});

const line = fc.constantFrom('a', 'b', 'c', '', '}', '  x', '-- y', '++ z', '@@ q', '\\ w', '\r', 'é😀');
const text = fc
  .tuple(fc.array(line, { maxLength: 25 }), fc.boolean())
  .map(([lines, ended]) => lines.join('\n') + (ended ? '\n' : ''));

/** Without a Windows line end in the patch, a Windows file keeps its own: not what the two texts say. */
const isConverted = (before: string, patch: string) =>
  lineEndsOf(before) === 'windows' && !/\r(\n|$)/.test(patch);

test('what diff makes of two texts turns the one into the other', () => {
  const property = fc.property(text, text, fc.nat(4), (before, after, context) => {
    fc.pre(before !== after);
    const patch = createTwoFilesPatch(`a/${file}`, `b/${file}`, before, after, '', '', { context });
    fc.pre(!isConverted(before, patch));
    expect(applyPatch(file, before, patch)).toBe(after);
  });
  fc.assert(property, { numRuns: fuzzRuns });
});

test('a patch against a Unix file keeps a Windows file a Windows file', () => {
  const plain = text.map((value) => value.replaceAll('\r', 'r'));
  const property = fc.property(plain, plain, (before, after) => {
    fc.pre(before !== after && before.includes('\n'));
    const patch = createTwoFilesPatch(file, file, before, after);
    const crlf = (value: string) => value.replaceAll('\n', '\r\n');
    expect(applyPatch(file, crlf(before), patch)).toBe(crlf(after));
    expect(applyPatch(file, before, crlf(patch))).toBe(after);
  });
  fc.assert(property, { numRuns: fuzzRuns });
});

test('any text for a patch gives a text or a refusal', () => {
  const part = fc.constantFrom(
    ...[
      '@@ -1 +1 @@\n',
      '@@ -1,2 +1 @@',
      '@@ -0,0 +1 @@\n',
      '-a\n',
      '+b\n',
      ' a\n',
      '\\ No newline\n',
      '\n',
      '\r\n',
      '@@',
    ],
    ...[
      header,
      '--- a\n',
      '+++ a\n',
      'diff --git a/a b/a\n',
      'Index: a\n',
      'rename from "\\777"\n',
      '"',
      '/dev/null',
      '-- \n2\n',
    ],
  );
  const patch = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
  const property = fc.property(text, fc.oneof(patch, fc.string()), (before, value) =>
    onlyRefuses(() => expect(applyPatch(file, before, value)).toBeTypeOf('string')),
  );
  fc.assert(property, { numRuns: 5 * fuzzRuns });
});

describe('beside git', () => {
  let folder: string;
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'core.autocrlf=false', ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH },
    });
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'moult-patch-'));
    git('init', '--quiet');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('a patch that git made gives what git would give', () => {
    const property = fc.property(text, text, fc.constantFrom(0, 1, 3), (before, after, context) => {
      fc.pre(before !== after);
      writeFileSync(join(folder, 'x.ts'), before);
      git('add', 'x.ts');
      writeFileSync(join(folder, 'x.ts'), after);
      const patch = git('diff', '--no-color', '--no-ext-diff', `-U${context}`, 'x.ts').toString();
      fc.pre(!isConverted(before, patch));
      expect(applyPatch('x.ts', before, patch)).toBe(readFileSync(join(folder, 'x.ts'), 'utf8'));
    });
    fc.assert(property, { numRuns: 60 });
  });
});
