import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import { testProject, type TestProject } from '../../../integration/support/project.js';
import { cliInProcess } from '../../../support/cli-in-process.js';

const waiting = { checks: [{ name: 'passes', type: 'custom', command: 'true' }], requireApproval: 'always' };

async function planned(): Promise<{ project: TestProject; taskId: string; digest: string }> {
  const project = await testProject();
  fs.writeFileSync(project.at('moult.config.json'), JSON.stringify(waiting));
  const service = project.service({ config: undefined });
  const content = Array.from({ length: 3_000 }, (_, line) => `line ${line} of a long file\n`).join('');
  const taskId = await service.planImprovement({
    description: 'Much to read',
    targetFiles: [],
    requiresRestart: false,
    changes: [{ file: 'long.txt', type: 'create', content }],
  });
  return { project, taskId, digest: (await service.describeImprovement(taskId)).digest };
}

const snapshotOf = (project: TestProject, taskId: string) =>
  fs.readFileSync(path.join(project.stateDirectory, 'tasks', taskId, 'snapshot.json'), 'utf8');

test('the whole plan is printed before the yes is recorded', async () => {
  const { project, taskId } = await planned();
  let whenPrinted = '';
  const ended = await cliInProcess(['approve', taskId], {
    cwd: project.root,
    onOutput: (text) => {
      if (whenPrinted === '' && text.includes('+line 2999 of a long file'))
        whenPrinted = snapshotOf(project, taskId);
    },
  });
  expect(ended.code, ended.stderr).toBe(0);
  expect(whenPrinted).toContain('awaiting_approval');
  expect(snapshotOf(project, taskId)).not.toContain('awaiting_approval');
  for (const line of [0, 1_500, 2_999]) expect(ended.stdout).toContain(`+line ${line} of a long file`);
  expect(ended.stdout.trimEnd().split('\n').at(-1)).toMatch(`Approved ${taskId}.`);
});

test('a plan with another digest than the one that was looked at is not approved, and not printed', async () => {
  const { project, taskId, digest } = await planned();
  const other = await cliInProcess(['approve', taskId, '--digest', 'f'.repeat(64)], { cwd: project.root });
  expect(other).toMatchObject({ code: 2, stdout: '' });
  expect(other.stderr).toContain('[APPROVAL_VOID]');
  const same = await cliInProcess(['approve', taskId, '--digest', digest, '--quiet'], { cwd: project.root });
  expect(same).toMatchObject({ code: 0, stdout: '' });
});

test('what waits for no approval is not printed', async () => {
  const { project, taskId } = await planned();
  await project.service({ config: undefined }).cancelImprovement();
  const ended = await cliInProcess(['approve', taskId], { cwd: project.root });
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain('[TASK_WRONG_STATE]');
});
