import { expect, it } from 'vitest';
import { duration } from '../../../../src/cli/render/duration.js';

it.each([
  [0, '0 ms'],
  [949.4, '949 ms'],
  [950, '0.9 s'],
  [1_000, '1.0 s'],
  [9_949, '9.9 s'],
  [9_950, '10 s'],
  [59_499, '59 s'],
  [59_500, '1 min 0 s'],
  [125_000, '2 min 5 s'],
  [3_600_000, '1 h 0 min'],
])('%d milliseconds are %s', (durationMs, expected) => {
  expect(duration(durationMs)).toBe(expected);
});
