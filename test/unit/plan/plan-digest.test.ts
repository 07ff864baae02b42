import { expect, test } from 'vitest';
import type { Plan } from '../../../src/plan/plan.js';
import { planDigest } from '../../../src/plan/plan-digest.js';

const plan: Omit<Plan, 'digest'> = {
  taskId: 'si-1',
  createdAt: '2024-01-01T00:00:00.000Z',
  description: 'd',
  root: '',
  changes: [{ file: 'a.ts', type: 'modify' }],
  paths: [
    {
      path: 'a.ts',
      before: { kind: 'file', sha256: 'aa', mode: 0o644, sizeBytes: 1 },
      after: { kind: 'file', sha256: 'bb', mode: 0o644, sizeBytes: 1 },
      source: 'planned',
      change: 0,
    },
  ],
  risk: 'low',
  fileRisks: [],
  requiresRestart: false,
  needsRestart: false,
  skipTests: false,
  approvalRequired: false,
  confirmationRequired: false,
  restartDelayMs: 10_000,
  onInterrupted: 'rollback',
  checks: [],
  configHash: 'cc',
};

test('is a SHA-256 that survives storing, whatever the order of keys', async () => {
  const digest = await planDigest(plan);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  const reversed = Object.fromEntries(Object.entries(plan).reverse()) as typeof plan;
  expect(await planDigest(reversed)).toBe(digest);
  expect(await planDigest(JSON.parse(JSON.stringify({ ...plan, digest })) as Plan)).toBe(digest);
});

test('every part of the plan counts', async () => {
  const digest = await planDigest(plan);
  for (const key of Object.keys(plan)) {
    expect(await planDigest({ ...plan, [key]: 'other' }), key).not.toBe(digest);
  }
  const [path] = plan.paths;
  const after = { kind: 'file', sha256: 'bb', mode: 0o755, sizeBytes: 1 } as const;
  expect(await planDigest({ ...plan, paths: [{ ...path!, after }] })).not.toBe(digest);
});
