import { describe, expect, it } from 'vitest';
import { retryDelay } from '../../../../src/notify/outbox/retry-delay.js';

describe('the wait before the next try', () => {
  it('doubles, from a second to five minutes', () => {
    const waits = [1, 2, 3, 8, 9, 10, 99].map((attempts) => retryDelay(attempts, 0, 0.5));
    expect(waits).toEqual([1_000, 2_000, 4_000, 128_000, 256_000, 300_000, 300_000]);
  });

  it('is a tenth shorter or longer by chance', () => {
    expect([retryDelay(1, 0, 0), retryDelay(1, 0, 1)]).toEqual([900, 1_100]);
  });

  it('is never shorter than the other side asked for', () => {
    expect(retryDelay(1, 30_000)).toBe(30_000);
    expect(retryDelay(10, 30_000, 0.5)).toBe(300_000);
  });
});
