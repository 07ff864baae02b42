import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { OuterControl } from '../../../src/supervision/outer-control.js';
import { RestartRunner } from '../../../src/supervision/restart-runner.js';
import { openRestartSite, settingsOf } from '../../../src/supervision/restart-site.js';
import { takeCharge } from '../../../src/supervision/take-charge.js';
import { CollectingLogger } from '../../integration/support/collecting-logger.js';

it('a restart that is cancelled before somebody waits for its end is waited for all the same', async () => {
  const root = mkdtempSync(path.join(tmpdir(), 'moult-runner-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const site = await openRestartSite(root, { config: {}, logger: new CollectingLogger() });
  const lock = await takeCharge(site);
  const dueAt = Date.now() + 3_600_000;
  const input = {
    restartId: 'rs-1',
    taskId: null,
    reason: 'a test',
    dueAt,
    settings: settingsOf(site.config),
  };
  const runner = new RestartRunner(
    { site, lock, control: new OuterControl(), startedBy: 'guard' },
    { input },
  );
  await runner.start();
  runner.send({ type: 'CANCEL' });
  expect(await runner.reached()).toBe('cancelled');
  await lock.release();
});
