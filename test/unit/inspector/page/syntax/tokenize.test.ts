import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languageOf } from '../../../../../src/inspector/page/syntax/language-of.js';
import { tokenize, type OpenToken } from '../../../../../src/inspector/page/syntax/tokenize.js';

const kinds = (file: string, line: string, open: OpenToken = null) =>
  tokenize(line, languageOf(file), open)
    .tokens.filter(({ text }) => text.trim() !== '')
    .map(({ kind, text }) => `${kind}:${text.trim()}`);

describe('the colours of a line', () => {
  it('of TypeScript', () => {
    expect(kinds('a.ts', 'const x = call("a\\"b", 0x1f); // done')).toEqual([
      'keyword:const',
      'plain:x =',
      'name:call',
      'plain:(',
      'string:"a\\"b"',
      'plain:,',
      'number:0x1f',
      'plain:);',
      'comment:// done',
    ]);
  });

  it('of a comment and a template that go on over lines', () => {
    const language = languageOf('a.ts');
    const first = tokenize('a /* b', language, null);
    expect(first.open).toEqual({ kind: 'comment', close: '*/' });
    expect(kinds('a.ts', 'c */ if', first.open)).toEqual(['comment:c */', 'keyword:if']);
    expect(tokenize('`x', language, null).open).toEqual({ kind: 'string', close: '`' });
  });

  it('of a quote without an end stops with the line', () => {
    expect(tokenize("it's", languageOf('a.ts'), null).open).toBeNull();
  });

  it('of a language that is not known are none', () => {
    expect(kinds('README', 'const "x" // y')).toEqual(['plain:const "x" // y']);
    expect(kinds('constructor', 'x')).toEqual(['plain:x']);
  });
});

it('the pieces of any line are the line', () => {
  const file = fc.constantFrom('a.ts', 'a.py', 'a.html', 'a.css', 'a.yaml', 'a.go', 'a');
  const line = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom('/*', '*/', '"', "'", '`', '\\', 'if', ' ', '#', '"""', '<!--', '-->', '1.5e'))
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(file, line, (name, text) => {
      const { tokens } = tokenize(text, languageOf(name), null);
      expect(tokens.map((token) => token.text).join('')).toBe(text);
    }),
  );
});
