import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growth } from '../../support/growth.js';
import { OutputTail } from '../../../src/checks/output-tail.js';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the tail of the output', () => {
  it('is the end of the text, wherever the chunks are cut', () => {
    const text = fc.array(fc.constantFrom('a', 'ä', '€', '🦋', '\n', 'x'.repeat(900), '🦋'.repeat(700)), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 30_000 }), (parts, size) => {
        const whole = bytes(parts.join(''));
        const tail = new OutputTail();
        for (let at = 0; at < whole.length; at += size) tail.append(whole.subarray(at, at + size), 'stdout');
        const kept = tail.toString();
        expect(parts.join('').endsWith(kept)).toBe(true);
        expect(kept).not.toMatch(/^[\uDC00-\uDFFF]|\uFFFD/);
        const lineCount = kept.split('\n').length - (kept.endsWith('\n') ? 1 : 0);
        expect(lineCount).toBeLessThanOrEqual(60);
        const isCutByCharacters = kept.length >= 3_999;
        const isCutByLines = lineCount === 60;
        expect(kept === parts.join('') || isCutByCharacters || isCutByLines).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps 60 lines, with or without a line end at the end', () => {
    const lines = Array.from({ length: 70 }, (_, index) => `${index}`);
    const [ended, open] = [new OutputTail(), new OutputTail()];
    ended.append(bytes(`${lines.join('\n')}\n`), 'stdout');
    open.append(bytes(lines.join('\n')), 'stderr');
    expect(ended.toString()).toBe(`${lines.slice(10).join('\n')}\n`);
    expect(open.toString()).toBe(lines.slice(10).join('\n'));
  });

  it('takes a large chunk at the cost of a small one', () => {
    const prepare = (size: number) => {
      const chunk = new Uint8Array(size).fill(97);
      return () => {
        const tail = new OutputTail();
        for (let i = 0; i < 20; i++) tail.append(chunk, 'stdout');
        expect(tail.toString()).toBe('a'.repeat(4_000));
      };
    };
    expect(growth(prepare, 20_000, 50)).toBeLessThan(6);
  });

  it('takes many chunks in linear time', () => {
    const chunk = bytes('a line of the output\n'.repeat(10));
    const prepare = (count: number) => () => {
      const tail = new OutputTail();
      for (let i = 0; i < count; i++) tail.append(chunk, 'stdout');
      return tail.toString();
    };
    expect(growth(prepare, 400, 50)).toBeLessThan(6 * 50);
  });
});
