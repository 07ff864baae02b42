import { expect, it } from 'vitest';
import { duration } from '../../../../../src/inspector/page/text/duration.js';

it.each([
  [0, '0 ms'],
  [-3, '0 ms'],
  [949, '949 ms'],
  [1_000, '1.0 s'],
  [9_960, '10 s'],
  [59_499, '59 s'],
  [60_000, '1 min'],
  [3_599_000, '1 h'],
  [49 * 3_600_000, '2 days'],
])('%d ms reads as %s', (durationMs, text) => {
  expect(duration(durationMs)).toBe(text);
});
