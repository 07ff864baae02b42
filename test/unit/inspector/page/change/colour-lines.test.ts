import { expect, it } from 'vitest';
import { colourLines } from '../../../../../src/inspector/page/change/colour-lines.js';
import { sideFacts, sideText } from '../../../../../src/inspector/page/change/side-text.js';
import { diffLines } from '../../../../../src/inspector/page/diff/diff-lines.js';

it('an old comment does not colour the new text', () => {
  const lines = diffLines('/*\nif (a) b;\n', 'x;\nif (a) b;\n');
  const colours = colourLines(lines, 'a.ts');
  const shared = lines.find(({ kind }) => kind === 'same')!;
  expect(colours.get(shared)?.[0]).toEqual({ kind: 'keyword', text: 'if' });
});

it('text, links and missing files can be compared, other bytes are described', () => {
  const facts = { sizeBytes: 3, sha256: 'abc', mode: 0o644 };
  expect(sideText({ kind: 'absent' })).toBe('');
  expect(sideText({ kind: 'symlink', target: 'b' })).toBe('→ b\n');
  expect(sideText({ kind: 'binary', ...facts })).toBeNull();
  expect(sideFacts({ kind: 'binary', ...facts })).toBe('not text, 3 bytes, sha256 abc');
  expect(sideFacts({ kind: 'unknown', why: 'later' })).toBe('later');
});
