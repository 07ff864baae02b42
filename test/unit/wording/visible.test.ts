import { describe, expect, it } from 'vitest';
import { visible, visibleLine, visibleOutput } from '../../../src/wording/visible.js';

describe('visible', () => {
  it('leaves words, marks, line ends and tabs alone', () => {
    const text = 'grüße 日本 e\u0301 🙂 ❤\ufe0f\n\tindented\u00a0';
    expect(visible(text)).toBe(text);
  });

  it.each([
    ['\u001b[2J', '\\x1b[2J'],
    ['a\rb', 'a\\rb'],
    ['\u0000\u0007\u007f\u009b', '\\u{0}\\u{7}\\u{7f}\\u{9b}'],
    ['\u202eabc\u2066', '\\u{202e}abc\\u{2066}'],
    ['zero\u200bwidth\ufeff', 'zero\\u{200b}width\\u{feff}'],
    ['\u2028\u2029', '\\u{2028}\\u{2029}'],
    ['\u{e0041}', '\\u{e0041}'],
    ['half \ud83d', 'half \\u{d83d}'],
    ['\u3164', '\\u{3164}'],
    ['a\ufe0fb\u{e0101}c\u034f', 'a\\u{fe0f}b\\u{e0101}c\\u{34f}'],
    ['a\u2003b\u2800c', 'a\\u{2003}b\\u{2800}c'],
  ])('writes out %j', (text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  it('keeps a line on one line', () => {
    expect(visibleLine('a\nb\tc')).toBe('a\\nb\\tc');
  });

  it('leaves out the colours of what a program printed, and ends lines as here', () => {
    expect(visibleOutput('\u001b[31mred\u001b[0m\r\n50%\r100%\u202e')).toBe('red\n50%\n100%\\u{202e}');
  });
});
