import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Cli } from '../../../src/cli/cli.js';
import { dropPlan } from '../../../src/cli/drop-plan.js';
import { SelfImprovementService } from '../../../src/self-improvement-service.js';
import { tempRepository, type TempRepository } from '../../../src/testing/index.js';

let repository: TempRepository;
let service: SelfImprovementService;
const notes: string[] = [];
const cli = { output: { note: (line: string) => notes.push(line) } } as unknown as Cli;
const request = {
  description: 'x',
  targetFiles: [],
  changes: [{ file: 'src/a.ts', type: 'modify' as const, content: '' }],
  requiresRestart: false,
};

beforeEach(async () => {
  notes.length = 0;
  repository = await tempRepository();
  const checks = [{ name: 'Fine', type: 'custom', command: 'true' }];
  service = new SelfImprovementService(repository.root, { config: { checks } });
});
afterEach(() => repository.remove());

it('drops a plan that was not carried out, so that the next can be made', async () => {
  const taskId = await service.planImprovement(request);
  await dropPlan(cli, service, taskId);
  expect(await service.describeImprovement(taskId)).toMatchObject({ status: 'cancelled' });
  await service.planImprovement(request);
  expect(notes).toEqual([]);
});

it('leaves alone what was carried out', async () => {
  const taskId = await service.planImprovement(request);
  await service.executeImprovement(taskId);
  await dropPlan(cli, service, taskId);
  expect(await service.describeImprovement(taskId)).toMatchObject({ status: 'completed' });
});

it('only says so where it fails: why the plan was refused is more important', async () => {
  await dropPlan(cli, service, 'si-1');
  expect(notes).toEqual([expect.stringContaining('the plan si-1 could not be dropped') as string]);
});
