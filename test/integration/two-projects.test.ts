import * as fs from 'node:fs';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/ports/clock.js';
import { passing, testProject } from './support/project.js';

const request = {
  description: 'x',
  targetFiles: [],
  requiresRestart: false,
  changes: [{ file: 'created.txt', type: 'create' as const, content: 'x' }],
};

test('two projects with improvements of the same id do not end each other’s checks', async () => {
  const [one, other] = [await testProject(), await testProject()];
  const now = Date.now();
  const clock = { ...systemClock, now: () => now };
  const waits = [
    {
      name: 'waits',
      type: 'custom',
      command: ': > started; until test -e go; do sleep 0.02; done; rm started go',
      shell: true,
      required: true,
    },
  ];
  const slow = one.service({ clock, config: { checks: waits } });
  const quick = other.service({ clock, config: { checks: passing } });
  const ids = [await slow.planImprovement(request), await quick.planImprovement(request)];
  expect(ids[0]).toBe(ids[1]);
  const executed = slow.executeImprovement();
  await expect.poll(() => fs.existsSync(one.at('started')), { timeout: 20_000 }).toBe(true);
  expect((await quick.executeImprovement()).status).toBe('completed');
  fs.writeFileSync(one.at('go'), '');
  expect((await executed).status).toBe('completed');
});
