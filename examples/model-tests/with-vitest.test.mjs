// npx vitest run --root examples/model-tests
import { describe, expect, it } from 'vitest';
import { SelfImprovementService } from 'moult';
import {
  crashPoints,
  diffManifests,
  machinePaths,
  manifest,
  memoryNotifier,
  tempRepository,
  workspaceContract,
} from 'moult/testing';
import { outcomes, publishMachine, registry } from './publish-machine.mjs';

const input = { version: '1.2.3' };

describe('publishing', () => {
  it.each(machinePaths(publishMachine, { input }).map((path) => [path.description, path]))('%s', (_, path) =>
    path.replay(),
  );

  it.each(
    crashPoints(publishMachine, { input, outcomes, world: registry }).map((point) => [
      point.description,
      point,
    ]),
  )('%s', (_, point) => point.run());

  it('would be found out, did it upload twice', async () => {
    const forgetful = () => {
      const uploads = [];
      return {
        actors: { upload: ({ input: { version } }) => void uploads.push(version) },
        state: () => uploads,
      };
    };
    const points = crashPoints(publishMachine, { input, outcomes, world: forgetful });
    const ends = await Promise.allSettled(points.map(({ run }) => run()));
    expect(ends.some(({ status }) => status === 'rejected')).toBe(true);
  });
});

describe('nothing is lost', () => {
  it('when an improvement of a repository with work open in it fails', async () => {
    const repository = await tempRepository();
    try {
      const notifier = memoryNotifier();
      const config = { checks: [{ name: 'strict', type: 'custom', command: 'node -e "process.exit(1)"' }] };
      const service = new SelfImprovementService(repository.root, { config, notifier });
      const before = await manifest(repository.root);
      const changes = [{ file: 'new/file.txt', type: 'create', content: 'new\n' }];
      await service.planImprovement({ description: 'x', targetFiles: [], changes, requiresRestart: false });
      expect((await service.executeImprovement()).status).toBe('rolled_back');
      expect(diffManifests(before, await manifest(repository.root))).toEqual([]);
      expect(notifier.notices.map(({ milestone }) => milestone)).toContain('rolled_back');
    } finally {
      await repository.remove();
    }
  });
});

/** moult itself, as the contract of workspaces looks at it; put your own in its place. */
async function workspace() {
  const repository = await tempRepository({ git: false });
  const config = { checks: [{ name: 'good', type: 'custom', command: 'node -e ""' }], restartTriggers: [] };
  const service = new SelfImprovementService(repository.root, { config });
  let taskId;
  return {
    root: repository.root,
    ignore: ['.moult', '.'],
    plan: async (changes) => {
      const request = { description: 'contract', targetFiles: [], changes, requiresRestart: false };
      taskId = await service.planImprovement(request);
    },
    apply: async () => {
      const { success, error } = await service.executeImprovement(taskId);
      if (!success) throw new Error(error);
    },
    rollBack: async () => {
      const { displaced } = await service.rollbackImprovement(taskId, { force: true });
      return { displaced, restored: (await service.describeImprovement(taskId)).rollback.restored };
    },
    close: () => repository.remove(),
  };
}

describe('the workspace', () => {
  it.each(workspaceContract(workspace).map((one) => [one.name, one]))('%s', (_, one) => one.run());
});
