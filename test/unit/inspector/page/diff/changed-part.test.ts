import { expect, it } from 'vitest';
import { changedPart } from '../../../../../src/inspector/page/diff/changed-part.js';

it('is what lies between the equal beginning and the equal end', () => {
  const before = 'return total * 2;';
  const after = 'return total * rate;';
  const part = changedPart(before, after)!;
  expect(before.slice(part.before.start, part.before.end)).toBe('2');
  expect(after.slice(part.after.start, part.after.end)).toBe('rate');
});

it('is nothing where an end was only repeated', () => {
  const part = changedPart('aaaa', 'aaaaaa')!;
  expect(part).toEqual({ before: { start: 4, end: 4 }, after: { start: 4, end: 6 } });
});

it('is not marked where hardly anything is alike', () => {
  expect(changedPart('import fs from "fs";', 'class Xyz {};')).toBeNull();
});
