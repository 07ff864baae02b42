import * as fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImprovementRequest, PlannedChange } from '../../src/improvement.js';
import type { ServiceOptions } from '../../src/service/service-options.js';
import { attackGround, passing, type AttackGround } from './attack-ground.js';
import { judgeAttacks, manifest, testText } from './judge-attacks.js';

let ground: AttackGround;
const asking = (...changes: PlannedChange[]): ImprovementRequest => ({
  description: 'attack',
  targetFiles: [],
  requiresRestart: false,
  changes,
});
const overMcp = (config: object = { checks: passing }): ServiceOptions => ({
  origin: 'mcp',
  config: config as Record<string, unknown>,
});

beforeAll(async () => {
  ground = await attackGround();
  await ground.write('package.json', JSON.stringify({ ...manifest, moult: { requireApproval: 'always' } }));
  await ground.write('package.json', JSON.stringify(manifest));
  await ground.write('sub/package.json', JSON.stringify({ moult: { checks: [] } }));
  await ground.write('test/a.test.mjs', testText);
  await ground.remember();
});
afterAll(() => ground.remove());

describe('what judges is critical, and a model that plans its change waits for a person:', () => {
  it.each(judgeAttacks)('$name', async ({ change }) => {
    const service = ground.service(overMcp());
    const taskId = await service.planImprovement(asking(change));
    const details = await service.describeImprovement(taskId);
    expect(details).toMatchObject({
      risk: 'critical',
      state: 'planning.awaiting_approval',
      plan: { origin: 'mcp' },
    });
    await expect(service.executeImprovement(taskId)).rejects.toMatchObject({ code: 'APPROVAL_REQUIRED' });
    await expect(service.approveImprovement(taskId, { by: 'the model' })).rejects.toMatchObject({
      code: 'APPROVAL_FORBIDDEN',
    });
    await service.cancelImprovement(taskId);
    await ground.expectUntouched();
  });
});

describe('nobody changes the rules by a plan:', () => {
  const refused: [string, PlannedChange][] = [
    [
      'the configuration in package.json is added',
      {
        file: 'package.json',
        type: 'modify',
        content: JSON.stringify({ ...manifest, moult: { requireApproval: 'never' } }),
      },
    ],
    [
      'the configuration in package.json of a project below is removed',
      { file: 'sub/package.json', type: 'modify', content: '{}' },
    ],
    ['the package.json with the configuration is deleted', { file: 'sub/package.json', type: 'delete' }],
    ['package.json becomes a link', { file: 'sub/package.json', type: 'modify', symlink: '../package.json' }],
    [
      'package.json can be read by nobody any more',
      { file: 'package.json', type: 'modify', content: '{ "scripts": ' },
    ],
    [
      'package.json with the configuration is created',
      { file: 'new/package.json', type: 'create', content: '{"moult":{}}' },
    ],
  ];

  it.each(refused)('%s', async (_, change) => {
    await expect(ground.service().planImprovement(asking(change))).rejects.toMatchObject({
      code: 'PATH_PROTECTED',
    });
    await ground.expectUntouched();
  });

  it('an editor does not either', async () => {
    const editor = { edit: () => Promise.resolve({ content: '{"moult":{"requireApproval":"never"}}' }) };
    const service = ground.service({ editor });
    await service.planImprovement(asking({ file: 'package.json', type: 'modify' }));
    expect(await service.executeImprovement()).toMatchObject({
      status: 'rolled_back',
      failure: { code: 'PATH_PROTECTED' },
    });
    await ground.expectUntouched();
  });
});

describe('the tiers of protected paths', () => {
  const tiers = {
    checks: passing,
    requireApproval: 'never',
    protectedPaths: { never: ['a'], approval: ['b/**'], allow: ['tsconfig.json'] },
  };
  const state = async (options: ServiceOptions, file: string): Promise<string> => {
    const service = ground.service(options);
    const taskId = await service.planImprovement(asking({ file, type: 'create', content: 'x' }));
    const { state: found } = await service.describeImprovement(taskId);
    await service.cancelImprovement(taskId);
    return found;
  };

  it('never, approval and allow mean what they say', async () => {
    await expect(state({ config: tiers }, 'a/new')).rejects.toMatchObject({ code: 'PATH_PROTECTED' });
    expect(await state({ config: tiers }, 'b/new')).toBe('planning.awaiting_approval');
    expect(await state({ config: tiers }, 'B/new')).toBe('planning.awaiting_approval');
    expect(await state({ config: tiers }, 'c/new')).toBe('planning.ready');
    const { requireApproval, ...byOrigin } = tiers;
    void requireApproval;
    expect(await state(overMcp(byOrigin), 'tsconfig.json')).toBe('planning.ready');
    expect(await state(overMcp(byOrigin), 'eslint.config.js')).toBe('planning.awaiting_approval');
    await ground.expectUntouched();
  });
});

describe('an approval is void, and nothing is touched, when afterwards', () => {
  const file = 'src/a.ts';
  const config = { checks: [{ name: 'tests', type: 'test', required: true }], requireApproval: 'always' };
  const approved = async () => {
    const fresh = await attackGround();
    await fresh.write('package.json', JSON.stringify(manifest));
    const service = fresh.service({ config });
    const taskId = await service.planImprovement(asking({ file, type: 'modify', content: 'new\n' }));
    await service.approveImprovement(taskId, { by: 'Ann', why: 'looks good' });
    const folder = (await service.describeImprovement(taskId)).folder;
    return { fresh, taskId, folder };
  };
  type Approved = Awaited<ReturnType<typeof approved>>;

  it.each<[string, (on: Approved) => void | Promise<void>, string, object?]>([
    ['the file is edited', ({ fresh }) => fs.appendFileSync(fresh.at(file), '// mine\n'), 'PLAN_STALE'],
    ['the mode of the file is changed', ({ fresh }) => fs.chmodSync(fresh.at(file), 0o600), 'PLAN_STALE'],
    ['the file is deleted', ({ fresh }) => fs.rmSync(fresh.at(file)), 'PLAN_STALE'],
    ['the configuration is changed', () => undefined, 'PLAN_STALE', { ...config, requireApproval: 'never' }],
    [
      'a script that judges is changed',
      ({ fresh }) => fresh.write('package.json', JSON.stringify({ ...manifest, scripts: { test: 'true' } })),
      'PLAN_STALE',
    ],
    [
      'a script before one that judges is added',
      ({ fresh }) =>
        fresh.write(
          'package.json',
          JSON.stringify({ ...manifest, scripts: { pretest: 'sh x', test: 'node --test' } }),
        ),
      'PLAN_STALE',
    ],
    ['a bit of the plan is changed', ({ folder }) => damage(`${folder}/plan.json`), 'STATE_UNREADABLE'],
    [
      'the plan is another one',
      ({ folder }) => fs.writeFileSync(`${folder}/plan.json`, ''),
      'STATE_UNREADABLE',
    ],
  ])('%s', async (_, attack, code, other) => {
    const on = await approved();
    try {
      await attack(on);
      await on.fresh.remember();
      const options = { config: (other ?? config) as Record<string, unknown> };
      await expect(on.fresh.service(options).executeImprovement(on.taskId)).rejects.toMatchObject({ code });
      await on.fresh.expectUntouched();
    } finally {
      await on.fresh.remove();
    }
  });

  it('the new content that was approved is changed', async () => {
    const { fresh, taskId, folder } = await approved();
    try {
      fs.writeFileSync(`${folder}/planned/0`, 'something else\n');
      await fresh.remember();
      expect(await fresh.service({ config }).executeImprovement(taskId)).toMatchObject({
        status: 'rolled_back',
        rollbackPerformed: false,
        failure: { code: 'APPLY_FAILED' },
      });
      await fresh.expectUntouched();
    } finally {
      await fresh.remove();
    }
  });

  it('it is for another digest', async () => {
    const service = ground.service({ config: { checks: passing, requireApproval: 'always' } });
    const taskId = await service.planImprovement(asking({ file, type: 'modify', content: 'new\n' }));
    await expect(
      service.approveImprovement(taskId, { by: 'Ann', planDigest: '0'.repeat(64) }),
    ).rejects.toMatchObject({ code: 'APPROVAL_VOID' });
    await expect(service.executeImprovement(taskId)).rejects.toMatchObject({ code: 'APPROVAL_REQUIRED' });
    await service.cancelImprovement(taskId);
    await ground.expectUntouched();
  });

  it('and it says who, when and why', async () => {
    const { fresh, taskId } = await approved();
    const { actor } = await (async () => {
      const service = fresh.service({ config });
      await service.recover();
      return service;
    })();
    expect(actor?.getSnapshot().context.approval).toEqual({
      by: 'Ann',
      why: 'looks good',
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
    });
    expect(taskId).toMatch(/^si-/);
    await fresh.remove();
  });
});

function damage(file: string): void {
  const bytes = fs.readFileSync(file);
  bytes[bytes.length >> 1]! ^= 1;
  fs.writeFileSync(file, bytes);
}
