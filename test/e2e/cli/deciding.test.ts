import { userInfo } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { cliProject, oneChange, passing, threeChanges, type CliProject } from './cli-project.js';
import { documentOf, lastLine } from './moult.js';

let project: CliProject;
afterEach(() => project.remove());

describe('a plan that needs approval', () => {
  const approving = { checks: [passing], requireApproval: 'always' };

  it('is only planned by run: 4, with what to do', async () => {
    project = await cliProject(approving);
    const ended = await project.moult('run', await project.request(threeChanges));
    expect(ended.code).toBe(4);
    expect(ended.stdout).toMatch(/^Planned, and waiting for approval: /);
    expect(lastLine(ended)).toMatch(/^hint: .*`moult approve si-\d+`/);
    expect((await project.read('src/a.txt')).toString()).toBe('one\ntwo\n');
  });

  it('goes its way: plan 4, execute 4, approve 0, execute 0', async () => {
    project = await cliProject(approving);
    const planned = await project.moult('plan', await project.request(threeChanges), '--json');
    expect(planned.code).toBe(4);
    const { taskId, state, digest, hint } = documentOf(planned);
    expect(state).toBe('planning.awaiting_approval');
    expect(hint).toContain('moult approve');
    const early = await project.moult('execute', '--json');
    expect(early.code).toBe(4);
    expect(documentOf(early)).toMatchObject({ error: { code: 'APPROVAL_REQUIRED' }, taskId });
    const approved = await project.moult(
      'approve',
      String(taskId),
      '--by',
      'Ann',
      '--why',
      'looks right',
      '--json',
    );
    expect(approved.code, approved.stderr).toBe(0);
    expect(documentOf(approved)).toEqual({
      taskId,
      status: 'planning',
      state: 'planning.ready',
      digest,
      by: 'Ann',
      why: 'looks right',
    });
    expect(await project.moult('execute')).toMatchObject({ code: 0 });
    expect((await project.read('src/a.txt')).toString()).toBe('ONE\ntwo\n');
  });

  it('is approved by the user of the machine unless another name is given', async () => {
    project = await cliProject(approving);
    const { taskId } = documentOf(await project.moult('plan', await project.request(oneChange), '--json'));
    const approved = await project.moult('approve', String(taskId), '--json');
    expect(documentOf(approved)).toMatchObject({ by: userInfo().username });
    const again = await project.moult('approve', String(taskId), '--json');
    expect(again.code).toBe(2);
    expect(documentOf(again)).toMatchObject({
      error: { code: 'TASK_WRONG_STATE' },
      taskId,
      status: 'planning',
    });
  });

  it('is dropped by reject', async () => {
    project = await cliProject(approving);
    const changed = await project.watch();
    const { taskId } = documentOf(await project.moult('plan', await project.request(oneChange), '--json'));
    const rejected = await project.moult('reject', String(taskId));
    expect(rejected).toMatchObject({ code: 0, stdout: expect.stringContaining('Rejected') as string });
    expect(await changed()).toEqual([]);
    expect(await project.moult('execute')).toMatchObject({ code: 2 });
  });
});

describe('a change that is to be confirmed', () => {
  const confirming = { checks: [passing], restart: { requireConfirmation: true } };
  const restarting = { ...threeChanges, requiresRestart: true };

  async function runToConfirmation(): Promise<string> {
    project = await cliProject(confirming);
    const ended = await project.moult('run', await project.request(restarting), '--json');
    expect(ended.code, ended.stderr).toBe(4);
    const document = documentOf(ended);
    expect(document).toMatchObject({ success: true, status: 'awaiting_confirmation', needsRestart: true });
    expect(document.hint).toContain(`moult confirm ${String(document.taskId)}`);
    return String(document.taskId);
  }

  it('is completed by confirm', async () => {
    const taskId = await runToConfirmation();
    const confirmed = await project.moult('confirm', '--json');
    expect(confirmed.code).toBe(0);
    expect(documentOf(confirmed)).toMatchObject({ taskId, status: 'completed', success: true });
    expect((await project.read('src/a.txt')).toString()).toBe('ONE\ntwo\n');
  });

  it('keeps others out until then', async () => {
    const taskId = await runToConfirmation();
    const ended = await project.moult('run', await project.request(oneChange));
    expect(ended.code).toBe(75);
    expect(lastLine(ended)).toContain(`moult confirm ${taskId}`);
  });

  it.each(['rollback', 'cancel'])('is taken back by %s', async (verb) => {
    const taskId = await runToConfirmation();
    const ended = await project.moult(verb, taskId);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toContain('3 files put back');
    expect((await project.read('src/a.txt')).toString()).toBe('one\ntwo\n');
  });

  it('says at the end of run, for people, what to do', async () => {
    project = await cliProject(confirming);
    const ended = await project.moult('run', await project.request(restarting));
    expect(ended.stdout).toMatch(/^Done, and waiting for confirmation: /);
    expect(ended.stderr).not.toContain('error:');
    expect(lastLine(ended)).toMatch(/^hint: Restart your program/);
  });
});
