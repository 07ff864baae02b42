import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Boot } from '../../../src/restart/restart-schemas.js';
import { chooseStrategy } from '../../../src/supervision/choose-strategy.js';
import { openRestartSite } from '../../../src/supervision/restart-site.js';
import { takeCharge } from '../../../src/supervision/take-charge.js';

let root: string;
beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'moult-strategy-'))));
afterEach(() => rmSync(root, { recursive: true }));

const siteOf = (restart: object) => openRestartSite(root, { config: { restart } });
const boot = (supervisor: Boot['supervisor']): Boot => ({
  ...{ kind: 'plain', restartId: null, taskId: null, reason: null, why: null, attempt: 0 },
  ...{ at: new Date(0).toISOString(), by: 'preboot', supervisor, isClaimed: true },
});

describe('who restarts the program', () => {
  it.each([
    ['systemd', 'exit', "systemd starts the program, after the guard's preboot"],
    ['pm2', 'exit', "pm2 starts the program, after the guard's preboot"],
    ['docker', 'exit', "docker starts the program, after the guard's preboot"],
    ['npm', 'none', 'no guard runs, and no supervisor calls its preboot'],
    [null, 'none', 'no guard runs, and no supervisor calls its preboot'],
  ] as const)('where preboot saw %s is found to be %s', async (supervisor, strategy, because) => {
    const site = await siteOf({});
    await site.store.writeBoot(boot(supervisor));
    expect(await chooseStrategy(site, false)).toEqual({ strategy, because });
  });

  it.each(['exit', 'respawn', 'none'] as const)('is %s where the configuration says so', async (strategy) => {
    const site = await siteOf({ strategy });
    await site.store.writeBoot(boot('systemd'));
    expect(await chooseStrategy(site, true)).toEqual({ strategy, because: 'the configuration says so' });
  });

  it('is the guard where one runs, whatever the configuration says', async () => {
    const site = await siteOf({ strategy: 'respawn' });
    const lock = await takeCharge(site);
    const guarded = { strategy: 'supervised', because: 'a guard looks after the program' };
    expect(await chooseStrategy(site, false)).toEqual(guarded);
    await lock.release();
    expect((await chooseStrategy(site, false)).strategy).toBe('respawn');
  });

  it('is nobody where a guard is configured and none runs: that is refused', async () => {
    const site = await siteOf({ strategy: 'supervised' });
    await expect(chooseStrategy(site, false)).rejects.toMatchObject({ code: 'RESTART_UNAVAILABLE' });
  });
});
