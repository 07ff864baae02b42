import { describe, expect, it } from 'vitest';
import { visible, visibleLines } from '../../../../../src/inspector/page/text/visible.js';

describe('text of unknown origin', () => {
  it('shows what would be hidden or reordered, and keeps everything else', () => {
    expect(visible('a\u202eb\u200bc\u0007d\te é 漢 👍')).toBe('a\\u{202e}b\\u{200b}c\\u{7}d\te é 漢 👍');
  });

  it('writes out half a character', () => {
    expect(visible('\ud83d!')).toBe('\\u{d83d}!');
  });
});

describe('what a program printed', () => {
  it('loses its colours, links and titles, and nothing else', () => {
    const link = '\u001b]8;;https://example.com\u0007text\u001b]8;;\u0007';
    const output = `\u001b[1;31mred\u001b[0m ${link} \u001b]0;title\u001b\\end \u001b[2K\u001b(B[kept]`;
    expect(visibleLines(output)).toEqual(['red text end [kept]']);
  });

  it('becomes lines, whichever way they end', () => {
    expect(visibleLines('a\r\nb\n\nc')).toEqual(['a', 'b', '', 'c']);
  });

  it('shows the last of what was drawn on one line', () => {
    expect(visibleLines('10 %\r50 %\r100 %\r\nend')).toEqual(['100 %', 'end']);
  });

  it('stays text where it looks like markup', () => {
    expect(visibleLines('<script>alert(1)</script>')).toEqual(['<script>alert(1)</script>']);
  });
});
