import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedBytes } from '../../../src/process/bounded-bytes.js';

const chunks = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 20 });

describe('BoundedBytes', () => {
  it('keeps the first bytes, however they come', () => {
    fc.assert(
      fc.property(chunks, fc.nat(60), (parts, maxBytes) => {
        const kept = new BoundedBytes(maxBytes, 'head');
        for (const part of parts) kept.append(part);
        const all = Buffer.concat(parts);
        expect([...kept.toBuffer()]).toEqual([...all.subarray(0, maxBytes)]);
        expect([kept.truncated, kept.seenBytes]).toEqual([all.length > maxBytes, all.length]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps the last bytes, however they come', () => {
    fc.assert(
      fc.property(chunks, fc.nat(60), (parts, maxBytes) => {
        const kept = new BoundedBytes(maxBytes, 'tail');
        for (const part of parts) kept.append(part);
        const all = Buffer.concat(parts);
        expect([...kept.toBuffer()]).toEqual([...all.subarray(Math.max(0, all.length - maxBytes))]);
        expect([kept.truncated, kept.seenBytes]).toEqual([all.length > maxBytes, all.length]);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(['head', 'tail'] as const)(
    'moves to a larger place seldom, however small the chunks (%s)',
    (keep) => {
      const kept = new BoundedBytes(64 * 1024 * 1024, keep);
      let [place, moves] = [kept.toBuffer().buffer, 0];
      for (let i = 0; i < 100_000; i++) {
        kept.append(Uint8Array.of(i));
        const { buffer } = kept.toBuffer();
        if (buffer !== place) [place, moves] = [buffer, moves + 1];
      }
      expect(kept.toBuffer().length).toBe(100_000);
      expect(moves).toBeLessThanOrEqual(1 + Math.ceil(Math.log2(100_000)));
    },
  );
});
