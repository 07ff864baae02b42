import { expect, test } from 'vitest';
import { matchesRestartTrigger } from '../../../src/restart/matches-restart-trigger.js';

const triggers = ['backend/src/index.ts', 'package.json', 'backend/src/services/**/*.ts'];

test.each([['backend/src/index.ts'], ['package.json'], ['backend/src/services/deep/a.ts']])(
  '%s needs a restart',
  (path) => {
    expect(matchesRestartTrigger(['docs/readme.md', path], triggers)).toBe(true);
  },
);

test.each([
  ['docs/readme.md'],
  ['other/package.json'],
  ['backend/src/services/a.json'],
  ['backend/src/index.tsx'],
])('%s needs none', (path) => {
  expect(matchesRestartTrigger([path], triggers)).toBe(false);
});

test('without paths or without triggers nothing needs a restart', () => {
  expect(matchesRestartTrigger([], triggers)).toBe(false);
  expect(matchesRestartTrigger(['package.json'], [])).toBe(false);
});
