import { expect, onTestFinished, test } from 'vitest';
import { SupervisedProject, version } from '../restart/supervised-project.js';
import { inspected } from './inspected.js';
import { describeInBrowser } from './open-browser.js';
import { recordLit } from './record-lit.js';

describeInBrowser('watching a restart', ({ open }) => {
  test('shows the restart machine state by state, and confirms the version that it came to', async () => {
    const project = await SupervisedProject.make({ confirmBy: 'person', confirmWithinMs: 600_000 });
    onTestFinished(() => project.remove());
    await project.supervise();
    const service = project.service();
    const taskId = await service.planImprovement({
      description: 'Another version',
      targetFiles: [],
      requiresRestart: true,
      changes: [{ file: 'version.js', type: 'modify', content: version('second') }],
    });
    const { page, problems } = await open(await inspected(service, { task: taskId, allowActions: true }));
    await page.locator('.node.current[data-node="improvement.planning.ready"]').waitFor();
    const lit = await recordLit(page);
    await service.executeImprovement();
    await page.locator('.node.current[data-node="restart.confirming.awaiting_person"]').waitFor();
    expect(await project.text()).toBe('second');

    await page.getByRole('button', { name: 'Confirm', exact: true }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.textContent()).toContain('The improvement is completed then.');
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    await page.locator('.node.current[data-node="restart.confirmed"]').waitFor();
    const seen = (await lit()).filter((state) => state.startsWith('restart.'));
    expect([...new Set(seen)]).toEqual([
      'restart.scheduled',
      'restart.draining',
      'restart.stopping',
      'restart.starting',
      'restart.confirming.watching',
      'restart.confirming.awaiting_person',
      'restart.confirmed',
    ]);
    // A person can look at the other machine all the same.
    await page.getByRole('group', { name: 'Machine' }).getByRole('button', { name: 'improvement' }).click();
    await page.locator('.node.current[data-node="improvement.completed"]').waitFor();
    expect(await service.describeImprovement(taskId)).toMatchObject({ status: 'completed' });
    expect(problems).toEqual([]);
  });
});
