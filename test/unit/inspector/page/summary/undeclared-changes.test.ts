import { expect, it } from 'vitest';
import { undeclaredChanges } from '../../../../../src/inspector/page/summary/undeclared-changes.js';

const changes = [{ path: 'a', kind: 'created', restored: false }];
import type { Json } from '../../../../../src/inspector/protocol/session.js';

it('are those of the checks, and those of the rollback where there was one', () => {
  expect(undeclaredChanges({ undeclared: { changes }, rollback: null })).toEqual([
    { path: 'a', note: 'created; left as it is' },
  ]);
  const rolledBack = { undeclared: { changes: [{ ...changes[0]!, restored: true }] } };
  expect(undeclaredChanges({ undeclared: { changes }, rollback: rolledBack })).toEqual([
    { path: 'a', note: 'created; put back' },
  ]);
});

it('are none where nothing is known of them', () => {
  const contexts: Json[] = [null, {}, { undeclared: null }, { undeclared: { changes: ['x', {}] } }, [1]];
  for (const context of contexts) {
    expect(undeclaredChanges(context)).toEqual([]);
  }
});
