import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { cliProject, slow, threeChanges, type CliProject } from './cli-project.js';
import { documentOf, lastLine, type Running } from './moult.js';

let project: CliProject;
afterEach(() => project.remove());

const slowProject = () => cliProject((outside) => ({ checks: [slow(outside)] }));

async function startSlow(...args: string[]): Promise<{ running: Running; changed: () => Promise<string[]> }> {
  project = await slowProject();
  const changed = await project.watch();
  const running = project.start('run', await project.request(threeChanges), ...args);
  await project.mark('started');
  expect(await changed()).not.toEqual([]);
  return { running, changed };
}

describe('a signal while the checks run', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s takes everything back before it ends',
    async (signal) => {
      const { running, changed } = await startSlow();
      running.child.kill(signal);
      const ended = await running.ended;
      expect(ended.code, ended.stderr).toBe(1);
      expect(await changed()).toEqual([]);
      expect(ended.stdout).toMatch(/^Cancelled: Change three files/);
      expect(ended.stdout).toContain('Every file is as it was before: 3 files put back.');
      expect(ended.stderr).toContain('Cancelling: whatever was changed is being put back.');
      expect(lastLine(ended)).toMatch(/^hint: /);
      expect(documentOf(await project.moult('status', '--json'))).toMatchObject({
        task: { status: 'cancelled' },
      });
    },
  );

  it('a second and a third one cut nothing short', async () => {
    const { running, changed } = await startSlow('--json');
    for (let times = 0; times < 5; times += 1) {
      running.child.kill('SIGINT');
      await sleep(3);
    }
    const ended = await running.ended;
    expect(ended.code, ended.stderr).toBe(1);
    expect(documentOf(ended)).toMatchObject({ status: 'cancelled', success: false, rollbackPerformed: true });
    expect(ended.stderr).toContain('Still rolling back.');
    expect(await changed()).toEqual([]);
  });

  it('ends what the check has started', async () => {
    const { running } = await startSlow();
    running.child.kill('SIGINT');
    await running.ended;
    const { stdout: processes } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    expect(processes).toContain('ps -eo args');
    expect(processes).not.toContain(`${project.outside}/started`);
  });

  it('at execute does the same', async () => {
    project = await slowProject();
    const changed = await project.watch();
    await project.moult('plan', await project.request(threeChanges));
    const running = project.start('execute');
    await project.mark('started');
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 1 });
    expect(await changed()).toEqual([]);
  });
});

describe('streams that break', () => {
  it('a reader that goes away stops nothing', async () => {
    const { running, changed } = await startSlow();
    running.child.stdout?.destroy();
    running.child.stderr?.destroy();
    running.child.kill('SIGTERM');
    expect((await running.ended).code).toBe(1);
    expect(await changed()).toEqual([]);
  });

  it('a change is kept when nobody reads of it', async () => {
    project = await cliProject();
    const running = project.start('run', await project.request(threeChanges));
    running.child.stdout?.destroy();
    running.child.stderr?.destroy();
    expect((await running.ended).code).toBe(0);
    expect((await project.read('src/a.txt')).toString()).toBe('ONE\ntwo\n');
  });
});

describe('another process', () => {
  it('is in the way while it runs: 75', async () => {
    const { running } = await startSlow();
    const ended = await project.moult('run', await project.request(threeChanges), '--json');
    expect(ended.code).toBe(75);
    expect(documentOf(ended)).toMatchObject({
      error: { code: 'LOCK_HELD', details: { pid: running.child.pid } },
    });
    expect(lastLine(ended)).toContain('moult cancel');
    const status = await project.moult('status');
    expect(status).toMatchObject({ code: 0 });
    expect(status.stdout).toMatch(/status +under way: running the checks/);
    running.child.kill('SIGINT');
    await running.ended;
  });

  it('is stopped by cancel, which waits until every file is back', async () => {
    const { running, changed } = await startSlow();
    const cancelled = await project.moult('cancel', '--json');
    expect(cancelled.code, cancelled.stderr).toBe(0);
    expect(await changed()).toEqual([]);
    expect(documentOf(cancelled)).toMatchObject({ status: 'cancelled', rollback: { failed: [] } });
    expect(await running.ended).toMatchObject({ code: 1 });
  });

  it('is in the way with a plan: 75, until the plan is dropped', async () => {
    project = await cliProject();
    const request = await project.request(threeChanges);
    const { taskId } = documentOf(await project.moult('plan', request, '--json'));
    const ended = await project.moult('run', request, '--json');
    expect(ended.code).toBe(75);
    expect(documentOf(ended)).toMatchObject({ error: { code: 'TASK_ACTIVE' }, taskId, status: 'planning' });
    const cancelled = await project.moult('cancel');
    expect(cancelled).toMatchObject({ code: 0 });
    expect(cancelled.stdout).toContain(`Cancelled ${String(taskId)}.\nNo file was touched.`);
    expect(await project.moult('run', request)).toMatchObject({ code: 0 });
  });
});

describe('cancel', () => {
  it('has nothing to do where nothing is under way', async () => {
    project = await cliProject();
    expect(documentOf(await project.moult('cancel', '--json'))).toMatchObject({ taskId: null });
    await project.moult('run', await project.request(threeChanges));
    const ended = await project.moult('cancel');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('nothing to cancel');
  });

  it('of a completed one is refused', async () => {
    project = await cliProject();
    const { taskId } = documentOf(await project.moult('run', await project.request(threeChanges), '--json'));
    const ended = await project.moult('cancel', String(taskId), '--json');
    expect(ended.code).toBe(2);
    expect(documentOf(ended)).toMatchObject({ error: { code: 'TASK_FINISHED' }, taskId });
  });
});
