import { afterAll, beforeAll, expect, it } from 'vitest';
import { SafeRestartService } from '../../../src/safe-restart-service.js';
import { SelfImprovementService } from '../../../src/self-improvement-service.js';
import { CollectingLogger } from '../../integration/support/collecting-logger.js';
import { SupervisedProject, version } from './supervised-project.js';

/** 1,000 with `npm run test:restarts`. */
const restarts = Number(process.env.MOULT_RESTARTS ?? 20);

let project: SupervisedProject;
beforeAll(async () => (project = await SupervisedProject.make({ confirmAfterMs: 50 })));
afterAll(() => project.remove());

it(
  `${restarts} restarts onto good versions are all confirmed`,
  async () => {
    const guard = await project.supervise();
    const logger = new CollectingLogger();
    const restart = new SafeRestartService(project.root, { isProgram: false, logger });
    const service = new SelfImprovementService(project.root, { restart, logger });
    for (let n = 1; n <= restarts; n += 1) {
      const changes = [{ file: 'version.js', type: 'modify' as const, content: version(`version ${n}`) }];
      const description = `version ${n}`;
      const request = { description, targetFiles: [], changes, requiresRestart: true };
      const taskId = await service.planImprovement(request);
      expect((await service.executeImprovement(taskId)).status).toBe('awaiting_confirmation');
      await project.restartIsOver(taskId);
      expect(project.restart(), guard.log().slice(-2_000)).toMatchObject({
        value: 'confirmed',
        context: { attempts: 1, failedStarts: [] },
      });
      expect(await project.text()).toBe(`version ${n}`);
    }
    const all = await service.listImprovements();
    expect(all.filter(({ status }) => status !== 'completed')).toEqual([]);
  },
  restarts * 10_000 + 60_000,
);
