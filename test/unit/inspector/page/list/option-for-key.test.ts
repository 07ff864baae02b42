import { expect, it } from 'vitest';
import { optionForKey } from '../../../../../src/inspector/page/list/option-for-key.js';

const list = { chosen: 5, count: 10, page: 4 };

it.each([
  ['ArrowDown', 6],
  ['ArrowUp', 4],
  ['PageDown', 9],
  ['PageUp', 1],
  ['Home', 0],
  ['End', 9],
  ['a', null],
  ['constructor', null],
])('%s chooses %s', (key, chosen) => {
  expect(optionForKey(key, list)).toBe(chosen);
});

it('stays within the list', () => {
  expect(optionForKey('ArrowDown', { chosen: 9, count: 10, page: 4 })).toBe(9);
  expect(optionForKey('ArrowUp', { chosen: -1, count: 10, page: 4 })).toBe(0);
  expect(optionForKey('End', { chosen: -1, count: 0, page: 4 })).toBeNull();
});
