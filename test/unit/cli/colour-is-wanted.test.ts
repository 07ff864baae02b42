import { expect, it } from 'vitest';
import { colourIsWanted } from '../../../src/cli/colour-is-wanted.js';

it.each([
  [{}, true, true],
  [{}, false, false],
  [{ TERM: 'dumb' }, true, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
])('with %j, terminal %s: %s', (env, isTTY, expected) => {
  expect(colourIsWanted(env, { isTTY })).toBe(expected);
});
