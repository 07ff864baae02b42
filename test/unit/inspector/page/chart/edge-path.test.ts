import { expect, it } from 'vitest';
import { arrowHead, roundedPath } from '../../../../../src/inspector/page/chart/edge-path.js';

it('a line goes through its ends, and rounds its corners', () => {
  const corner = [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
    { x: 100, y: 50 },
  ];
  expect(roundedPath(corner)).toBe('M0 0L94 0Q100 0 100 6L100 50');
});

it('a short piece is rounded by no more than its half', () => {
  const step = [
    { x: 0, y: 0 },
    { x: 4, y: 0 },
    { x: 4, y: 50 },
  ];
  expect(roundedPath(step)).toBe('M0 0L2 0Q4 0 4 6L4 50');
});

it('the head points along the last piece, and there is none without a piece', () => {
  const down = [
    { x: 10, y: 0 },
    { x: 10, y: 40 },
  ];
  expect(arrowHead(down)).toBe('M10 40L6 32L14 32Z');
  expect(arrowHead([{ x: 1, y: 1 }])).toBe('');
});
