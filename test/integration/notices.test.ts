import { describe, expect, test } from 'vitest';
import type { ImprovementRequest } from '../../src/improvement.js';
import type { Milestone, Notifier } from '../../src/notify/notifier.js';
import type { RestartRequest } from '../../src/restart/restart-port.js';
import { memoryNotifier, type MemoryNotifier } from '../../src/testing/memory-notifier.js';
import { CollectingLogger } from './support/collecting-logger.js';
import { failing, passing, testProject } from './support/project.js';

const request: ImprovementRequest = {
  description: 'Tell about it',
  targetFiles: [],
  requiresRestart: false,
  changes: [{ file: 'src/a.ts', type: 'modify', content: 'x' }],
};
const restarting = { ...request, requiresRestart: true };

const milestonesOf = ({ notices }: MemoryNotifier): Milestone[] => notices.map(({ milestone }) => milestone);

class CollectingRestart {
  readonly requests: RestartRequest[] = [];
  scheduleRestart = (asked: RestartRequest): void => void this.requests.push(asked);
}

/** They come when the snapshot is on disk, in their own time; and then no more come. */
async function expectTold(notices: () => unknown, expected: unknown): Promise<void> {
  await expect.poll(notices, { timeout: 30_000 }).toEqual(expected);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(notices()).toEqual(expected);
}

describe('each milestone is told once, in order', () => {
  test('success, then undone', async () => {
    const project = await testProject();
    const notifier = memoryNotifier();
    const service = project.service({ notifier });
    const taskId = await service.planImprovement(request);
    await service.executeImprovement();
    await expectTold(
      () => milestonesOf(notifier),
      ['planned', 'started', 'applied', 'check_finished', 'completed'],
    );
    await service.rollbackImprovement(taskId);
    await service.recover();
    await expectTold(() => milestonesOf(notifier).slice(5), ['rolled_back']);
    for (const notice of notifier.notices) expect(notice).toMatchObject({ taskId, type: 'alert' });
    expect(new Set(notifier.notices.map(({ title }) => title)).size).toBeGreaterThan(4);
  });

  test('a failed check', async () => {
    const project = await testProject();
    const notifier = memoryNotifier();
    const service = project.service({ notifier, config: { checks: failing } });
    await service.planImprovement(request);
    await service.executeImprovement();
    await expectTold(
      () => milestonesOf(notifier),
      ['planned', 'started', 'applied', 'check_finished', 'failed', 'rolled_back'],
    );
    expect(notifier.notices.find(({ milestone }) => milestone === 'failed')?.urgency).toBe('high');
  });

  test('a cancelled plan, and a cancelled execution', async () => {
    const project = await testProject();
    const notifier = memoryNotifier();
    const checks = [{ name: 'slow', type: 'custom', command: 'sleep 60', required: true }];
    const service = project.service({
      notifier,
      config: { checks },
      onProgress: ({ type }) => {
        if (type === 'check-started') void service.cancelImprovement();
      },
    });
    await service.planImprovement(request);
    await service.cancelImprovement();
    await expectTold(() => milestonesOf(notifier), ['planned', 'cancelled']);
    await service.planImprovement(request);
    await service.executeImprovement();
    await expectTold(
      () =>
        milestonesOf(notifier)
          .slice(2)
          .filter((one) => one !== 'check_finished'),
      ['planned', 'started', 'applied', 'cancelled'],
    );
  });

  test('approval, restart, confirmation, each step by another service', async () => {
    const project = await testProject();
    const notifier = memoryNotifier();
    const config = { checks: passing, requireApproval: 'always', restart: { requireConfirmation: true } };
    const service = () => project.service({ notifier, config, restart: new CollectingRestart() });
    const taskId = await service().planImprovement(restarting);
    await service().approveImprovement(taskId, { by: 'ann' });
    await service().executeImprovement();
    await service().recover();
    await service().confirmImprovement(taskId, { by: 'ann' });
    await expectTold(
      () => milestonesOf(notifier),
      [
        'planned',
        'approved',
        'started',
        'applied',
        'check_finished',
        'restart_scheduled',
        'completed',
        'confirmed',
      ],
    );
  });

  test('on the console, where the configuration says so', async () => {
    const project = await testProject();
    const logger = new CollectingLogger();
    const service = project.service({ logger, config: { checks: passing, notify: { console: true } } });
    await service.planImprovement(request);
    await service.executeImprovement();
    await expectTold(
      () => logger.lines.filter((line) => line.includes('Self-Improvement Completed')).length,
      1,
    );
  });
});

describe('whatever a notifier does changes nothing', () => {
  const bad: [string, Notifier['notify']][] = [
    [
      'throws',
      () => {
        throw new Error('no connection');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no connection'))],
    ['never answers', () => new Promise(() => undefined)],
  ];
  test.each(bad)('it %s', async (_, notify) => {
    for (const checks of [passing, failing]) {
      const project = await testProject();
      const logger = new CollectingLogger();
      const service = project.service({ notifier: { notify }, logger, config: { checks } });
      await service.planImprovement(request);
      const result = await service.executeImprovement();
      expect(result.status).toBe(checks === passing ? 'completed' : 'rolled_back');
      if (checks === failing) await project.expectUntouched();
    }
  });

  test('a progress listener that throws changes nothing either', async () => {
    const project = await testProject();
    const service = project.service({
      onProgress: () => {
        throw new Error('broken listener');
      },
    });
    await service.planImprovement(request);
    expect(await service.executeImprovement()).toMatchObject({ success: true });
  });
});

describe('the restart', () => {
  test('is asked for once after a success that needs it, in ten seconds', async () => {
    const project = await testProject();
    const restart = new CollectingRestart();
    const service = project.service({ restart });
    const taskId = await service.planImprovement(restarting);
    expect(restart.requests).toEqual([]);
    expect(await service.executeImprovement()).toMatchObject({
      success: true,
      needsRestart: true,
      status: 'completed',
    });
    await service.recover();
    expect(restart.requests).toEqual([
      { taskId, reason: 'Self-improvement: Tell about it', delayMs: 10_000, notifySlack: true },
    ]);
  });

  test('waits as long as the configuration says', async () => {
    const project = await testProject();
    const restart = new CollectingRestart();
    const service = project.service({ restart, config: { checks: passing, restart: { delayMs: 250 } } });
    await service.planImprovement(restarting);
    await service.executeImprovement();
    expect(restart.requests).toMatchObject([{ delayMs: 250 }]);
  });

  test('follows the restart triggers of the configuration', async () => {
    for (const [restartTriggers, needsRestart] of [
      [['src/**'], true],
      [['lib/**'], false],
    ] as const) {
      const project = await testProject();
      const restart = new CollectingRestart();
      const service = project.service({ restart, config: { checks: passing, restartTriggers } });
      await service.planImprovement(request);
      expect(await service.executeImprovement()).toMatchObject({ success: true, needsRestart });
      expect(restart.requests).toHaveLength(needsRestart ? 1 : 0);
    }
  });

  test('scenario 51: is not asked for where it is not needed, nor after a rollback', async () => {
    const project = await testProject();
    const restart = new CollectingRestart();
    await project.service({ restart }).planImprovement(request);
    expect(await project.service({ restart }).executeImprovement()).toMatchObject({
      success: true,
      needsRestart: false,
    });
    const service = project.service({ restart, config: { checks: failing } });
    await service.planImprovement({ ...restarting, changes: [{ file: 'src/b.ts', type: 'delete' }] });
    expect(await service.executeImprovement()).toMatchObject({ success: false, needsRestart: false });
    expect(restart.requests).toEqual([]);
  });

  test('a restart that cannot be scheduled leaves the change in place, and is reported', async () => {
    const project = await testProject();
    const restart = {
      scheduleRestart: () => {
        throw new Error('no supervisor');
      },
    };
    const logger = new CollectingLogger();
    const notifier = memoryNotifier();
    const service = project.service({ restart, logger, notifier });
    await service.planImprovement(restarting);
    const result = await service.executeImprovement();
    await expectTold(() => milestonesOf(notifier).at(-1), 'completed');
    expect(result).toMatchObject({ success: true, status: 'completed', needsRestart: true });
    expect(JSON.stringify(result)).toContain('no supervisor');
    expect(project.text('src/a.ts')).toBe('x');
    expect(milestonesOf(notifier)).not.toContain('restart_scheduled');
  });

  test('without one, the logger says that the host has to do it', async () => {
    const project = await testProject();
    const logger = new CollectingLogger();
    const service = project.service({ logger });
    const taskId = await service.planImprovement(restarting);
    await service.executeImprovement();
    expect(
      logger.lines.filter(
        (line) => line.startsWith('warn') && line.includes(taskId) && line.includes('restart'),
      ),
    ).toHaveLength(1);
  });
});
