import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fileDiff } from '../../../src/service/file-diff.js';
import type { Side } from '../../../src/service/read-change.js';

const absent: Side = { kind: 'absent' };
const file = (content: string | Uint8Array, mode = 0o644): Side => {
  const bytes = Buffer.from(content);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { kind: 'file', mode, sizeBytes: bytes.length, sha256, bytes };
};
const lost = (side: Side): Side => ({ ...side, bytes: null }) as Side;
const notes = (before: Side, after: Side) => {
  const diff = fileDiff('a', { before, after });
  return diff.kind === 'note' ? diff.lines : diff.diff;
};

describe('fileDiff', () => {
  it('is a unified diff, from nothing and to nothing as well', () => {
    expect(notes(file('one\ntwo\n'), file('ONE\ntwo\n'))).toBe(
      '--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n-one\n+ONE\n two\n',
    );
    expect(notes(absent, file('x\n'))).toContain('--- /dev/null\n+++ b/a\n');
    expect(notes(file('x\n'), absent)).toContain('--- a/a\n+++ /dev/null\n');
  });

  it('tells a missing line end', () => {
    expect(notes(file('x\n'), file('x'))).toContain('\\ No newline at end of file');
  });

  it('shows a link by its target, also where it takes the place of a file', () => {
    expect(notes(file('x\n'), { kind: 'symlink', target: 'b' })).toContain('-x\n+-> b\n');
  });

  it.each([
    ['a NUL', file(Uint8Array.of(1, 0, 2))],
    ['bytes that are not UTF-8', file(Uint8Array.of(0xff))],
  ])('compares no file with %s, and names size and hash', (_, binary) => {
    expect(notes(file('x'), binary)).toEqual([
      expect.stringMatching(/^before: 1 bytes?, sha256 2d71/),
      expect.stringMatching(/^after: {2}binary, \d bytes?, sha256 /),
    ]);
  });

  it('says when the bytes are not kept any more', () => {
    expect(notes(lost(file('x')), file('y'))[0]).toMatch(/^before: not kept any more, 1 byte, sha256 2d71/);
  });

  it('names changed modes and empty files', () => {
    expect(notes(file('x'), file('x', 0o755))).toEqual(['mode 0644 to 0755']);
    expect(notes(absent, file(''))).toEqual(['an empty file']);
    expect(notes(file(''), absent)).toEqual(['it was empty']);
  });

  it('names a mode that changes beside the text', () => {
    expect(notes(file('x\n'), file('y\n', 0o755))).toContain('mode 0644 to 0755\n--- a/a\n');
  });

  it('gives up on what takes too long to compare', () => {
    const noise = (seed: number) =>
      Array.from({ length: 60_000 }, (_, index) => String((index * 7919 * seed) % 1_000_003)).join('\n');
    expect(notes(file(noise(3)), file(noise(5)))[0]).toBe('too different to be compared');
  }, 30_000);
});
