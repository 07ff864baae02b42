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

  it('takes a million single bytes in a moment', () => {
    const kept = new BoundedBytes(64 * 1024 * 1024, 'head');
    const startedAt = performance.now();
    for (let i = 0; i < 1_000_000; i++) kept.append(Uint8Array.of(i));
    expect(kept.toBuffer().length).toBe(1_000_000);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});
