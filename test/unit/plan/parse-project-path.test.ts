import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { parseProjectPath } from '../../../src/plan/parse-project-path.js';
import { fuzzRuns, onlyRefuses, refusal } from './refusal.js';

const codeOf = (path: string, protectedPaths: string[] = []) =>
  refusal(() => parseProjectPath(path, protectedPaths)).code;

describe('allowed', () => {
  test.each(
    [
      'a',
      'src/a.ts',
      'with space/ a b .ts',
      'line\nbreak.ts',
      'grüße/日本/😀.ts',
      '-dash',
      '*glob?[x]',
      ':(top)pathspec',
      ' ',
      '~',
      '.gitignore',
      '.gitattributes',
      '.gitmodules',
      '.github/workflows/ci.yml',
      '.gitlab-ci.yml',
      'git',
      'git/config',
      '.gitx',
      'x.git',
      'a.git/b',
      'git~x',
      '..a',
      'a..',
      'a../b',
      '.a',
      'sub/.moult/x',
      'moult.configs',
      'src/moult',
      'constructor',
      '__proto__',
      'ab:c',
      'src/a:b',
      'e\u0301.ts',
    ].map((path) => [path]),
  )('%j', (path) => {
    expect(parseProjectPath(path)).toBe(path);
  });

  test.each([
    ['./src/a.ts', 'src/a.ts'],
    ['src//a.ts', 'src/a.ts'],
    ['.//./src/./a.ts', 'src/a.ts'],
  ])('%j becomes %j', (path, normal) => {
    expect(parseProjectPath(path)).toBe(normal);
  });

  test('lengths up to the limits of file systems', () => {
    expect(parseProjectPath('é'.repeat(127))).toHaveLength(127);
    expect(parseProjectPath('a/'.repeat(2047) + 'aa')).toHaveLength(4096);
  });
});

describe('invalid', () => {
  test.each(
    [
      '',
      '.',
      './',
      './.',
      '..',
      '../a',
      'a/..',
      'a/../b',
      './../a',
      'a/./../b',
      '/',
      '/etc/passwd',
      '//server/share',
      'C:/a',
      'c:a',
      'C:',
      'a\\b',
      '..\\a',
      '\\\\server\\share',
      'a\0b',
      'src/',
      'src/.',
      'src//',
      '.. /a',
      'a/.. ./b',
      '...',
      'a/. ',
      'a/..:x/b',
      'half\ud800',
      'half\udc00.ts',
      'a'.repeat(256),
      'é'.repeat(128),
      'a/'.repeat(2048) + 'a',
    ].map((path) => [path]),
  )('%j', (path) => {
    expect(codeOf(path)).toBe('PATH_INVALID');
  });

  test('the error names the path as it was given', () => {
    expect(refusal(() => parseProjectPath('./a/../b')).details).toEqual({
      path: './a/../b',
      reason: 'it leads upwards (..)',
    });
  });
});

describe('protected', () => {
  test.each(
    [
      '.git',
      '.git/config',
      './.git/config',
      'sub/.git',
      'sub/.git/hooks/pre-commit',
      '.GIT/config',
      '.Git',
      '.gIt/x',
      '.git./x',
      '.git /x',
      '.git . . ./x',
      'git~1',
      'GIT~1/config',
      'Git~2/config',
      'git~1. /x',
      '.git::$INDEX_ALLOCATION/config',
      '.git:x',
      '.git :x',
      'git~1:x',
      '.g\u200cit/config',
      '.\u200dgit',
      '\u200e.git',
      '.git\u200f',
      '.gi\u202at',
      '.gi\u202et',
      '.gi\u206at',
      '.gi\u206ft',
      '.gi\ufefft',
      '.gi\u200bt',
      '.gi\u00adt',
      '.g\u200ci\u200dt\u200e.',
      '.ｇｉｔ/config',
      '.moult',
      '.moult/state',
      '.Moult/x',
      '.moult./x',
      'MOULT~1/x',
      'moult.config.json',
      'sub/moult.config.json',
      'sub/MOULT.config.mjs',
      'moult.config.js',
      'moult.config.mjs',
      'moult.config.ts',
      'moult.config',
      './Moult.Config.JSON',
      'moult.config.json::$DATA',
      'moult.config.json.',
      'moult.con\u200cfig.json',
      'MOULTC~1.JSO',
    ].map((path) => [path]),
  )('%j', (path) => {
    expect(codeOf(path)).toBe('PATH_PROTECTED');
  });

  test('what the configuration protects, whatever the spelling', () => {
    const globs = ['secrets', '**/*.pem', 'src/core/**'];
    for (const path of [
      'secrets',
      'secrets/x',
      'Secrets/x',
      'secrets./x',
      'secrets:y',
      'a/b.pem',
      'src/core/a/b.ts',
    ]) {
      expect(codeOf(path, globs), path).toBe('PATH_PROTECTED');
    }
    expect(parseProjectPath('src/other.ts', globs)).toBe('src/other.ts');
    expect(refusal(() => parseProjectPath('a/b.pem', globs)).message).toContain('**/*.pem');
  });
});

describe('for any text', () => {
  const alphabet = [
    '.',
    '..',
    '/',
    '\\',
    'a',
    'git',
    '.GIT',
    '~1',
    ':',
    ' ',
    '\0',
    '\u200c',
    'é',
    '\ud800',
    'moult',
  ];
  const nasty = fc.array(fc.constantFrom(...alphabet), { maxLength: 12 }).map((parts) => parts.join(''));
  const anyText = fc.oneof(nasty, fc.string(), fc.string({ unit: 'binary' }));

  test('it answers or refuses', () => {
    const property = fc.property(anyText, (path) =>
      onlyRefuses(() => parseProjectPath(path, [path, '**/b'])),
    );
    fc.assert(property, { numRuns: fuzzRuns });
  });

  test('what it lets through is a normal, relative path that no file system takes for .git', () => {
    const property = fc.property(anyText, (input) => {
      let path: string;
      try {
        path = parseProjectPath(input);
      } catch {
        return;
      }
      expect(parseProjectPath(path)).toBe(path);
      const components = path.split('/');
      expect(components).not.toContain('');
      expect(components).not.toContain('.');
      expect(components).not.toContain('..');
      expect(Buffer.from(path).toString()).toBe(path);
      for (const component of components) {
        expect(component.toLowerCase().replace(/\u200c/g, '')).not.toMatch(/^(\.git|git~1)([. ]*$|[. ]*:)/);
      }
    });
    fc.assert(property, { numRuns: 5 * fuzzRuns });
  });
});
