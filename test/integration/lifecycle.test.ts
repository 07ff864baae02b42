import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ImprovementRequest, PlannedChange } from '../../src/improvement.js';
import type { Editor } from '../../src/plan/editor.js';
import { systemClock } from '../../src/ports/clock.js';
import { CollectingLogger } from './support/collecting-logger.js';
import { failing, passing, testProject } from './support/project.js';

const asking = (...changes: PlannedChange[]): ImprovementRequest => ({
  description: 'A task',
  targetFiles: [],
  requiresRestart: false,
  changes,
});
const change = (content: string, file = 'src/a.ts'): PlannedChange => ({ file, type: 'modify', content });
const code = (expected: string) => expect.objectContaining({ code: expected }) as unknown;

describe('misuse is refused, and touches nothing', () => {
  test('execute without a plan, in a new project and after a cancel', async () => {
    const project = await testProject();
    const service = project.service();
    await expect(service.executeImprovement()).rejects.toMatchObject({
      code: 'NO_TASK',
      message: 'No improvement task planned',
    });
    await expect(service.describeImprovement()).rejects.toEqual(code('NO_TASK'));
    await expect(service.executeImprovement('si-1')).rejects.toThrow('No improvement task planned');
    expect(await service.listImprovements()).toEqual([]);
    expect(await service.recover()).toEqual([]);
    await service.cancelImprovement();
    expect(fs.existsSync(project.stateDirectory)).toBe(false);
  });

  test.each([
    ['completed', passing],
    ['rolled_back', failing],
  ])('a second execute of a task that is %s', async (status, checks) => {
    const project = await testProject();
    const service = project.service({ config: { checks } });
    const taskId = await service.planImprovement(asking(change('x')));
    await service.executeImprovement();
    for (const again of [
      () => service.executeImprovement(),
      () => project.service().executeImprovement(taskId),
    ])
      await expect(again()).rejects.toMatchObject({ code: 'TASK_FINISHED', details: { taskId, status } });
    expect(project.text('src/a.ts')).toBe(status === 'completed' ? 'x' : 'export const a = 1;\n');
  });

  test('a plan while another waits, also of another service', async () => {
    const project = await testProject();
    const service = project.service();
    const taskId = await service.planImprovement(asking(change('x')));
    for (const one of [service, project.service()])
      await expect(one.planImprovement(asking(change('y')))).rejects.toMatchObject({
        code: 'TASK_ACTIVE',
        details: { taskId },
      });
    expect(await service.executeImprovement()).toMatchObject({ success: true, taskId });
    expect(project.text('src/a.ts')).toBe('x');
  });

  test('everything while an execution runs in the same process', async () => {
    const project = await testProject();
    const refused: unknown[] = [];
    const note = (error: unknown) => void refused.push(error);
    const other = project.service();
    let attempts: Promise<unknown> = Promise.resolve();
    const checks = [{ name: 'slow', type: 'custom' as const, command: 'sleep 1', required: true }];
    const service = project.service({
      config: { checks },
      onProgress: ({ type }) => {
        if (type !== 'check-started') return;
        attempts = Promise.all([
          service.planImprovement(asking(change('y'))).catch(note),
          service.executeImprovement().catch(note),
          other.planImprovement(asking(change('z', 'src/b.ts'))).catch(note),
          other.recover().catch(note),
        ]);
      },
    });
    await service.planImprovement(asking(change('x')));
    expect(await service.executeImprovement()).toMatchObject({ success: true });
    await attempts;
    expect(refused).toEqual([code('LOCK_HELD'), code('LOCK_HELD'), code('LOCK_HELD'), code('LOCK_HELD')]);
    expect(project.text('src/a.ts')).toBe('x');
    expect(project.text('src/b.ts')).toBe('export const b = 2;\n');
  });

  test('scenario 43: nothing that would judge: no checks, only optional ones, only tests that are skipped', async () => {
    const project = await testProject();
    const optional = [{ ...passing[0], required: false }];
    const tests = [{ ...passing[0], type: 'test' as const }];
    for (const [checks, skipTests] of [
      [[], false],
      [optional, false],
      [tests, true],
    ] as const) {
      const service = project.service({ config: { checks } });
      await service.planImprovement({ ...asking(change('x')), skipTests });
      await expect(service.executeImprovement()).rejects.toEqual(code('NO_CHECKS'));
      await service.cancelImprovement();
    }
    const { SelfImprovementService } = await import('../../src/self-improvement-service.js');
    const unconfigured = new SelfImprovementService(project.root, { logger: new CollectingLogger() });
    await unconfigured.planImprovement(asking(change('x')));
    await expect(unconfigured.executeImprovement()).rejects.toEqual(code('NO_CHECKS'));
    await project.expectUntouched(['src/a.ts']);
    expect(project.text('src/a.ts')).toBe('export const a = 1;\n');
  });

  test('a plan that changes nothing, and one without changes', async () => {
    const project = await testProject();
    const service = project.service();
    await expect(service.planImprovement(asking(change('export const a = 1;\n')))).rejects.toEqual(
      code('NOTHING_TO_DO'),
    );
    await service.planImprovement({ ...asking(), targetFiles: ['src/a.ts'] });
    await expect(service.executeImprovement()).rejects.toEqual(code('NOTHING_TO_DO'));
  });

  test('a task of another name', async () => {
    const project = await testProject();
    const service = project.service();
    await service.planImprovement(asking(change('x')));
    for (const taskId of ['si-1', '../tasks', 'si-1/../..', ''])
      for (const attempt of [
        () => service.executeImprovement(taskId),
        () => service.rollbackImprovement(taskId),
        () => service.describeImprovement(taskId),
        () => service.cancelImprovement(taskId),
        () => service.approveImprovement(taskId, { by: 'ann' }),
      ])
        await expect(attempt()).rejects.toEqual(code('TASK_UNKNOWN'));
  });
});

test('an optional check that fails is reported and decides nothing; skipTests leaves tests out', async () => {
  const project = await testProject();
  const checks = [
    ...passing,
    { name: 'optional', type: 'custom', command: 'false', required: false },
    { name: 'tests', type: 'test', command: 'false', required: true },
  ];
  const service = project.service({ config: { checks } });
  await service.planImprovement({ ...asking(change('x')), skipTests: true });
  const result = await service.executeImprovement();
  expect(result).toMatchObject({ success: true, validationPassed: true });
  expect(result.checks.map(({ name, status }) => [name, status])).toEqual([
    ['passes', 'passed'],
    ['optional', 'failed'],
  ]);
});

test('ids are unique and grow when plans come in the same millisecond', async () => {
  const project = await testProject();
  const clock = { ...systemClock, now: () => 1_700_000_000_000 };
  const service = project.service({ clock });
  const ids: string[] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    ids.push(await service.planImprovement(asking(change(`x${turn}`))));
    await service.cancelImprovement();
  }
  expect(ids).toEqual(['si-1700000000000', 'si-1700000000001', 'si-1700000000002', 'si-1700000000003']);
});

describe('the editor', () => {
  const blank: PlannedChange[] = [
    { file: 'src/a.ts', type: 'modify', description: 'Make it better' },
    { file: 'made/by-editor.ts', type: 'create' },
  ];

  test('none: the plan can be made, and is refused at execute', async () => {
    const project = await testProject();
    const service = project.service();
    await service.planImprovement(asking(...blank));
    await expect(service.executeImprovement()).rejects.toMatchObject({
      code: 'EDITOR_MISSING',
      details: { paths: ['src/a.ts', 'made/by-editor.ts'] },
    });
    await project.expectUntouched(['src/a.ts']);
  });

  test('supplies text and bytes, and is told what there was', async () => {
    const project = await testProject();
    const asked: unknown[] = [];
    const editor: Editor = {
      edit: ({ file, type, description, before }) => {
        asked.push({ file, type, description, before: before && Buffer.from(before).toString() });
        return Promise.resolve({ content: before ? 'ünï' : new Uint8Array([0, 255]) });
      },
    };
    const service = project.service({ editor });
    const taskId = await service.planImprovement(asking(...blank));
    expect(await service.executeImprovement()).toMatchObject({ success: true });
    expect(asked).toEqual([
      { file: 'src/a.ts', type: 'modify', description: 'Make it better', before: 'export const a = 1;\n' },
      { file: 'made/by-editor.ts', type: 'create', description: 'A task', before: null },
    ]);
    expect(project.text('src/a.ts')).toBe('ünï');
    expect([...fs.readFileSync(project.at('made/by-editor.ts'))]).toEqual([0, 255]);
    expect(await service.rollbackImprovement(taskId)).toMatchObject({ status: 'rolled_back' });
    await project.expectUntouched();
  });

  test.each<[string, () => Promise<unknown>]>([
    ['throws', () => Promise.reject(new Error('no idea'))],
    [
      'throws at once',
      () => {
        throw new Error('no idea');
      },
    ],
    ['answers nothing', () => Promise.resolve(undefined)],
    ['answers a number', () => Promise.resolve({ content: 7 })],
    ['answers null', () => Promise.resolve({ content: null })],
  ])('%s: the task fails, and nothing is touched', async (_, edit) => {
    const project = await testProject();
    const editor = { edit } as unknown as Editor;
    const service = project.service({ editor });
    await service.planImprovement(asking(change('x', 'src/b.ts'), ...blank));
    const result = await service.executeImprovement();
    expect(result).toMatchObject({ success: false, status: 'rolled_back', rollbackPerformed: false });
    expect(result.error).toBeTruthy();
    await project.expectUntouched();
  });

  test('leaves a file as it is: it has one name afterwards', async () => {
    const project = await testProject();
    const service = project.service({
      editor: { edit: () => Promise.resolve({ content: 'export const a = 1;\n' }) },
    });
    await service.planImprovement(asking(blank[0] as PlannedChange));
    expect(await service.executeImprovement()).toMatchObject({ success: true });
    await project.expectUntouched();
  });

  test('never answers: a cancel ends it all the same', async () => {
    const project = await testProject();
    let asked: () => void = () => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const editor: Editor = {
      edit: () => {
        asked();
        return new Promise(() => undefined);
      },
    };
    const service = project.service({ editor });
    await service.planImprovement(asking(...blank));
    const execution = service.executeImprovement();
    await isAsked;
    await service.cancelImprovement();
    expect(await execution).toMatchObject({ status: 'cancelled' });
    await project.expectUntouched();
  });

  test('is not asked to modify a file that is missing', async () => {
    const project = await testProject();
    const service = project.service({ editor: { edit: () => Promise.resolve({ content: 'x' }) } });
    await service.planImprovement(asking({ file: 'missing.ts', type: 'modify' }));
    await expect(service.executeImprovement()).rejects.toMatchObject({
      code: 'FILE_MISSING',
      details: { path: 'missing.ts' },
    });
    await project.expectUntouched();
  });
});

describe('approval', () => {
  const config = { checks: passing, requireApproval: 'always' };
  test('a plan waits for it, and is executed with it', async () => {
    const project = await testProject();
    const service = project.service({ config });
    const taskId = await service.planImprovement(asking(change('x')));
    expect(service.getState()?.currentTask?.status).toBe('planning');
    await expect(service.executeImprovement()).rejects.toEqual(code('APPROVAL_REQUIRED'));
    const wrong = service.approveImprovement(taskId, { by: 'ann', planDigest: '0'.repeat(64) });
    await expect(wrong).rejects.toEqual(code('APPROVAL_VOID'));
    await expect(service.executeImprovement()).rejects.toEqual(code('APPROVAL_REQUIRED'));
    const { digest } = await service.describeImprovement(taskId);
    await project
      .service({ config })
      .approveImprovement(taskId, { by: 'ann', why: 'good', planDigest: digest });
    await expect(service.approveImprovement(taskId, { by: 'ann' })).rejects.toEqual(code('TASK_WRONG_STATE'));
    expect(await service.executeImprovement()).toMatchObject({ success: true, taskId });
  });

  test('a rejected plan is over, and another can be made', async () => {
    const project = await testProject();
    const service = project.service({ config });
    const taskId = await service.planImprovement(asking(change('x')));
    await service.rejectImprovement(taskId, { by: 'ann', why: 'no' });
    expect(service.getState()).toBeNull();
    await expect(service.executeImprovement(taskId)).rejects.toEqual(code('TASK_FINISHED'));
    await project.expectUntouched();
    expect(await service.planImprovement(asking(change('y')))).not.toBe(taskId);
  });

  test('with "high-risk", only such a plan waits', async () => {
    const project = await testProject();
    const service = project.service({ config: { checks: passing, requireApproval: 'high-risk' } });
    await service.planImprovement(asking(change('x')));
    expect((await service.listImprovements()).at(-1)?.state).toBe('planning.ready');
    await service.cancelImprovement();
    await service.planImprovement(asking({ file: 'package.json', type: 'create', content: '{}' }));
    expect((await service.listImprovements()).at(-1)?.state).toBe('planning.awaiting_approval');
  });
});

describe('rollback of a completed improvement', () => {
  test('scenario 5: refused where somebody edited a file since; with force it is moved aside', async () => {
    const project = await testProject();
    const service = project.service();
    const taskId = await service.planImprovement(asking(change('x'), { file: 'src/b.ts', type: 'delete' }));
    await service.executeImprovement();
    fs.writeFileSync(project.at('src/a.ts'), 'mine\n');
    await expect(service.rollbackImprovement(taskId)).rejects.toMatchObject({
      code: 'ROLLBACK_CONFLICT',
      details: { paths: ['src/a.ts'] },
    });
    expect(project.text('src/a.ts')).toBe('mine\n');
    expect(fs.existsSync(project.at('src/b.ts'))).toBe(false);
    expect(service.getState()?.currentTask?.status).toBe('completed');
    const result = await service.rollbackImprovement(taskId, { force: true });
    expect(result).toMatchObject({ status: 'rolled_back', rollbackPerformed: true });
    expect(fs.readFileSync(result.displaced[0]?.savedAt ?? '', 'utf8')).toBe('mine\n');
    const { rollback } = await service.describeImprovement(taskId);
    expect([...(rollback?.restored ?? [])].sort()).toEqual(['src/a.ts', 'src/b.ts']);
    await project.expectUntouched();
    await expect(service.rollbackImprovement(taskId)).rejects.toEqual(code('NOTHING_TO_ROLL_BACK'));
  });

  test('nothing to roll back of a plan, and of one that was taken back', async () => {
    const project = await testProject();
    const service = project.service({ config: { checks: failing } });
    const taskId = await service.planImprovement(asking(change('x')));
    await expect(service.rollbackImprovement(taskId)).rejects.toEqual(code('NOTHING_TO_ROLL_BACK'));
    await service.executeImprovement();
    await expect(service.rollbackImprovement(taskId)).rejects.toEqual(code('NOTHING_TO_ROLL_BACK'));
  });

  test('scenario 6: a task that fails never undoes one that was completed', async () => {
    const project = await testProject();
    const good = project.service();
    const first = await good.planImprovement(
      asking(change('first'), { file: 'first.ts', type: 'create', content: '1' }),
    );
    await good.executeImprovement();
    const bad = project.service({ config: { checks: failing } });
    await bad.planImprovement(
      asking(change('second'), change('second', 'first.ts'), change('second', 'src/b.ts')),
    );
    expect(await bad.executeImprovement()).toMatchObject({ status: 'rolled_back' });
    expect(project.text('src/a.ts')).toBe('first');
    expect(project.text('first.ts')).toBe('1');
    expect(await good.rollbackImprovement(first)).toMatchObject({ status: 'rolled_back' });
    await project.expectUntouched();
  });

  test('scenario 6: two tasks on one file: the older cannot be undone before the newer', async () => {
    const project = await testProject();
    const service = project.service();
    const first = await service.planImprovement(asking(change('first')));
    await service.executeImprovement();
    const second = await service.planImprovement(asking(change('second')));
    await service.executeImprovement();
    await expect(service.rollbackImprovement(first)).rejects.toEqual(code('ROLLBACK_CONFLICT'));
    expect(project.text('src/a.ts')).toBe('second');
    await service.rollbackImprovement(second);
    expect(project.text('src/a.ts')).toBe('first');
    await service.rollbackImprovement(first);
    await project.expectUntouched();
  });

  test('a plan that waits keeps another from being undone', async () => {
    const project = await testProject();
    const service = project.service();
    const first = await service.planImprovement(asking(change('first')));
    await service.executeImprovement();
    await service.planImprovement(asking(change('x', 'src/b.ts')));
    await expect(service.rollbackImprovement(first)).rejects.toEqual(code('TASK_ACTIVE'));
  });
});

test('getState tells where it stands, all the way', async () => {
  const project = await testProject();
  const seen: (string | undefined)[] = [];
  const service = project.service({
    onProgress: ({ type }) => {
      if (type === 'state') setImmediate(() => seen.push(service.getState()?.currentTask?.status));
    },
    config: { checks: passing, restart: { requireConfirmation: true } },
    restart: { scheduleRestart: () => undefined },
  });
  expect(service.getState()).toBeNull();
  const taskId = await service.planImprovement({
    ...asking(change('x')),
    requiresRestart: true,
    targetFiles: ['src/b.ts'],
  });
  expect(service.getState()).toMatchObject({
    currentTask: {
      id: taskId,
      description: 'A task',
      targetFiles: ['src/a.ts', 'src/b.ts'],
      status: 'planning',
    },
    validationChecks: [{ name: 'passes' }],
    backup: { files: [{ path: 'src/a.ts' }, { path: 'src/b.ts' }] },
  });
  for (const { path: file, backupPath } of service.getState()?.backup?.files ?? [])
    expect(fs.readFileSync(backupPath, 'utf8')).toBe(project.text(file));
  await service.executeImprovement();
  expect(service.getState()).toMatchObject({
    currentTask: { status: 'awaiting_confirmation' },
    validationChecks: [{ passed: true }],
  });
  await expect(service.planImprovement(asking(change('y', 'src/b.ts')))).rejects.toEqual(code('TASK_ACTIVE'));
  await service.confirmImprovement(taskId, { by: 'ann' });
  expect(service.getState()?.currentTask?.status).toBe('completed');
  await service.rollbackImprovement(taskId);
  expect(service.getState()?.currentTask?.status).toBe('rolled_back');
  await service.cancelImprovement();
  expect(service.getState()).toBeNull();
  expect(new Set(seen.slice(2))).toEqual(
    new Set(['implementing', 'testing', 'awaiting_confirmation', 'completed', 'rolling_back', 'rolled_back']),
  );
});
