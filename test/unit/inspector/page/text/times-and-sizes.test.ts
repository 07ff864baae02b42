import { expect, it } from 'vitest';
import { byteSize } from '../../../../../src/inspector/page/text/byte-size.js';
import { elapsed } from '../../../../../src/inspector/page/text/elapsed.js';

it('is exact to the millisecond, at any length', () => {
  expect([0, -4, 2_040, 59_999, 3_600_000 + 62_005].map(elapsed)).toEqual([
    '0:00.000',
    '0:00.000',
    '0:02.040',
    '0:59.999',
    '1:01:02.005',
  ]);
});

it('a size has two or three digits', () => {
  expect([0, 999, 1_000, 64_000, 52_428_800].map(byteSize)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '64 kB',
    '52.4 MB',
  ]);
});
