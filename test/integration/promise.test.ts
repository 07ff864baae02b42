import * as fs from 'node:fs';
import { expect, test, describe } from 'vitest';
import type { ProgressEvent } from '../../src/actors/progress.js';
import { diffManifests } from '../../src/testing/diff-manifests.js';
import { manifest } from '../../src/testing/manifest.js';
import { failing, passing, testProject, type TestProject } from './support/project.js';
import { hookedFileSystem, systemError } from './support/hooked-file-system.js';
import { expectWideRequestInPlace, wideRequest } from './support/wide-request.js';

const busyRepository = () => testProject({ merge: true });

function expectNoLeftovers(project: TestProject, taskId: string): void {
  const folder = `${project.stateDirectory}/tasks/${taskId}`;
  for (const drawer of ['before', 'staged', 'taken', 'directories'])
    expect(fs.readdirSync(`${folder}/${drawer}`), drawer).toEqual([]);
  expect(fs.readdirSync(`${project.stateDirectory}/active`)).toEqual([]);
}

describe('in a repository with staged, unstaged, untracked and ignored work, a stash and a merge in progress', () => {
  test('scenarios 14, 20, 53-60, 67-71, 76, 79, 85, 88, 91: a success changes the planned paths and nothing else', async () => {
    const project = await busyRepository();
    const service = project.service();
    const taskId = await service.planImprovement(wideRequest);
    await project.expectUntouched([...wideRequest.changes.map(({ file }) => file)]);
    const result = await service.executeImprovement();
    expect(result).toMatchObject({ success: true, taskId, status: 'completed', validationPassed: true });
    expect([...result.changesApplied].sort()).toEqual(wideRequest.changes.map(({ file }) => file).sort());
    await expectWideRequestInPlace(project);
  });

  test('scenarios 1-3, 14, 20, 40, 53-63, 67-71, 76-79, 85, 88-91: a failed check puts every byte back', async () => {
    const project = await busyRepository();
    const service = project.service({ config: { checks: failing } });
    const taskId = await service.planImprovement(wideRequest);
    const result = await service.executeImprovement();
    expect(result).toMatchObject({
      success: false,
      status: 'rolled_back',
      error: 'Validation failed',
      rollbackPerformed: true,
      changesApplied: [],
      displaced: [],
    });
    await project.expectUntouched();
    expectNoLeftovers(project, taskId);
  });

  test('an undone improvement leaves everything as it was, in this process and in another service', async () => {
    for (const fresh of [false, true]) {
      const project = await busyRepository();
      const service = project.service();
      const taskId = await service.planImprovement(wideRequest);
      await service.executeImprovement();
      const undone = await (fresh ? project.service() : service).rollbackImprovement(taskId);
      expect(undone).toMatchObject({ success: false, status: 'rolled_back', rollbackPerformed: true });
      await project.expectUntouched();
      expectNoLeftovers(project, taskId);
    }
  });

  test('a cancelled plan leaves everything as it was', async () => {
    const project = await busyRepository();
    const service = project.service();
    const taskId = await service.planImprovement(wideRequest);
    await service.cancelImprovement();
    expect(service.getState()).toBeNull();
    await project.expectUntouched();
    expectNoLeftovers(project, taskId);
  });

  test('a cancel while it waits for approval leaves everything as it was', async () => {
    const project = await busyRepository();
    const service = project.service({ config: { checks: passing, requireApproval: 'always' } });
    const taskId = await service.planImprovement(wideRequest);
    await service.cancelImprovement(taskId);
    await project.expectUntouched();
    expectNoLeftovers(project, taskId);
  });

  const slow = [{ name: 'slow', type: 'custom', command: 'sleep 60', required: true }];
  const moments: [string, (event: ProgressEvent) => boolean][] = [
    ['backing_up', (event) => event.type === 'state' && event.state === 'implementing.backing_up'],
    ['checkpointing', (event) => event.type === 'state' && event.state === 'implementing.checkpointing'],
    ['applying', (event) => event.type === 'state' && event.state === 'implementing.applying'],
    ['applying, with three files in place', counted(3)],
    ['applying, with all files in place', counted(wideRequest.changes.length)],
    ['running_checks', (event) => event.type === 'state' && event.state === 'testing.running_checks'],
    ['running_checks, with a check at work', (event) => event.type === 'check-started'],
  ];
  function counted(count: number): (event: ProgressEvent) => boolean {
    let applied = 0;
    return (event) => event.type === 'applied' && ++applied === count;
  }

  test.each(moments)('a cancel in %s puts every byte back before it resolves', async (_, isMoment) => {
    const project = await busyRepository();
    let cancelled: Promise<void> | undefined;
    const service = project.service({
      config: { checks: slow },
      onProgress: (event) => {
        if (cancelled || !isMoment(event)) return;
        cancelled = new Promise((resolve) => setImmediate(resolve)).then(() => service.cancelImprovement());
      },
    });
    const taskId = await service.planImprovement(wideRequest);
    const result = await service.executeImprovement();
    await cancelled;
    expect(cancelled).toBeDefined();
    expect(result).toMatchObject({ success: false, status: 'cancelled', changesApplied: [], displaced: [] });
    expect(service.getState()).toBeNull();
    await project.expectUntouched();
    expectNoLeftovers(project, taskId);
  });

  test('a cancel has put every byte back when it resolves, not only when the execution does', async () => {
    const project = await busyRepository();
    let started: () => void = () => undefined;
    const checking = new Promise<void>((resolve) => (started = resolve));
    const service = project.service({
      config: { checks: slow },
      onProgress: ({ type }) => (type === 'check-started' ? started() : undefined),
    });
    await service.planImprovement(wideRequest);
    const execution = service.executeImprovement();
    await checking;
    await service.cancelImprovement();
    await project.expectUntouched();
    expect((await execution).status).toBe('cancelled');
  });

  test('a cancel while it waits for confirmation puts every byte back', async () => {
    const project = await busyRepository();
    const restart = { scheduleRestart: () => undefined };
    const config = { checks: passing, restart: { requireConfirmation: true } };
    const service = project.service({ config, restart });
    const taskId = await service.planImprovement({ ...wideRequest, requiresRestart: true });
    expect((await service.executeImprovement()).status).toBe('awaiting_confirmation');
    await expectWideRequestInPlace(project);
    await service.cancelImprovement(taskId);
    await project.expectUntouched();
    expectNoLeftovers(project, taskId);
  });

  test.each(['EIO', 'ENOSPC', 'EACCES'])(
    'scenario 11, 30: %s at any link or rename of the apply puts every byte back',
    async (code) => {
      for (const nth of [1, 2, 7, 20, 35]) {
        const project = await busyRepository();
        let isApplying = false;
        let calls = 0;
        const fileSystem = hookedFileSystem((call, [, to]) => {
          if (!isApplying || (call !== 'link' && call !== 'rename')) return;
          if (String(to).includes('snapshot.json')) return;
          calls += 1;
          if (calls === nth) throw systemError(code);
        });
        const service = project.service({
          fileSystem,
          onProgress: (event) => {
            if (event.type === 'state') isApplying = event.state === 'implementing.applying';
          },
        });
        const taskId = await service.planImprovement(wideRequest);
        const result = await service.executeImprovement();
        expect(calls, `${code} at call ${nth}`).toBeGreaterThanOrEqual(nth);
        // A link that finds no room is made up for by a rename.
        if (code === 'ENOSPC' && result.success) continue;
        expect(result, `${code} at call ${nth}`).toMatchObject({ success: false, status: 'rolled_back' });
        expect(result.failure?.code).toBe('APPLY_FAILED');
        await project.expectUntouched();
        expectNoLeftovers(project, taskId);
      }
    },
  );

  test('scenario 30: a disk that fills up while the new files are staged leaves everything as it was', async () => {
    const project = await busyRepository();
    let isApplying = false;
    const fileSystem = hookedFileSystem((call, [, to]) => {
      if (isApplying && call === 'copyFile' && String(to).includes('/staged/7')) throw systemError('ENOSPC');
    });
    const service = project.service({
      fileSystem,
      onProgress: (event) => {
        if (event.type === 'state') isApplying = event.state === 'implementing.applying';
      },
    });
    await service.planImprovement(wideRequest);
    const result = await service.executeImprovement();
    expect(result).toMatchObject({ success: false, status: 'rolled_back', rollbackPerformed: false });
    expect(result.error).toContain('ENOSPC');
    await project.expectUntouched();
  });

  test('P4: a disk so full that nothing can be written any more does not keep the rollback from happening', async () => {
    const project = await busyRepository();
    let isFull = false;
    const fileSystem = hookedFileSystem((call, args) => {
      const writes = call === 'writeFile' || call === 'copyFile' || call === 'mkdir' || call === 'symlink';
      const opens = call === 'open' && (args[1] === 'wx' || args[1] === 'r+');
      const isLink = call === 'link' && !String(args[1]).includes('/lock/');
      if (isFull && (writes || opens || isLink)) throw systemError('ENOSPC');
    });
    const service = project.service({
      fileSystem,
      onProgress: (event) => {
        if (event.type === 'check-started') isFull = true;
      },
      config: { checks: failing },
    });
    await service.planImprovement(wideRequest);
    const result = await service.executeImprovement().catch((error: unknown) => error);
    isFull = false;
    expect(result).toMatchObject({ success: false, status: 'rolled_back', rollbackPerformed: true });
    const linkCounts = /: links 1 -> 2$/;
    const differences = diffManifests(project.before, await manifest(project.top));
    expect(differences.filter((line) => !linkCounts.test(line))).toEqual([]);
    await project.service().recover();
    await project.expectUntouched();
  });
});
