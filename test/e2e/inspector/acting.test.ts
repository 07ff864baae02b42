import { expect, test } from 'vitest';
import type { ImprovementRequest } from '../../../src/improvement.js';
import { testProject } from '../../integration/support/project.js';
import { inspected } from './inspected.js';
import { describeInBrowser } from './open-browser.js';

const request: ImprovementRequest = {
  description: 'Be decided about',
  targetFiles: [],
  requiresRestart: false,
  changes: [{ file: 'src/a.ts', type: 'modify', content: 'decided\n' }],
};
const approving = {
  checks: [{ name: 'passes', type: 'custom' as const, command: 'true', required: true }],
  requireApproval: 'always' as const,
};

describeInBrowser('acting', ({ open }) => {
  test('approves a waiting plan, with a reason', async () => {
    const project = await testProject();
    const service = project.service({ config: approving });
    const taskId = await service.planImprovement(request);
    const url = await inspected(service, { task: taskId, allowActions: true, by: 'ada' });
    const { page, problems } = await open(url);
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Approve' });
    expect(await dialog.textContent()).toContain('It can be executed then; nothing is executed by it.');
    await dialog.getByLabel('Why').fill('I read it');
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.locator('.node.current[data-node="improvement.planning.ready"]').waitFor();
    await page.locator('.task-facts').getByText('approved by ada').waitFor();
    await page.getByRole('tab', { name: 'Summary' }).click();
    await page.getByText('I read it').waitFor();
    const events = page.locator('.event-list');
    await events.getByText('EXECUTE would be taken now').waitFor();
    await events.getByText('CONFIRM would do nothing now').waitFor();
    expect(await events.textContent()).not.toContain('xstate.');
    expect(await service.executeImprovement()).toMatchObject({ success: true });
    expect(problems).toEqual([]);
  });

  test('rolls back a finished improvement, and says before what that does', async () => {
    const project = await testProject();
    const before = project.text('src/a.ts');
    const service = project.service();
    const taskId = await service.planImprovement(request);
    await service.executeImprovement();
    expect(project.text('src/a.ts')).toBe('decided\n');
    const { page, problems } = await open(await inspected(service, { task: taskId, allowActions: true }));
    await page.getByRole('button', { name: 'Roll back', exact: true }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.textContent()).toContain('1 file planned, and this changes them');
    expect(project.text('src/a.ts')).toBe('decided\n');
    await dialog.getByRole('button', { name: 'Roll back' }).click();
    await page.locator('.node.current[data-node="improvement.rolled_back"]').waitFor();
    expect(project.text('src/a.ts')).toBe(before);
    await page.getByText('put back').first().waitFor();
    expect(problems).toEqual([]);
  });

  test('rejects a waiting plan', async () => {
    const project = await testProject();
    const service = project.service({ config: approving });
    const taskId = await service.planImprovement(request);
    const url = await inspected(service, { task: taskId, allowActions: true, by: 'ada' });
    const { page, problems } = await open(url);
    await page.getByRole('button', { name: 'Reject', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Reject' });
    expect(await dialog.textContent()).toContain('It ends as cancelled; no file was touched.');
    await dialog.getByLabel('Why').fill('not now');
    await dialog.getByRole('button', { name: 'Reject' }).click();
    await page.locator('.node.current[data-node="improvement.cancelled"]').waitFor();
    await page.locator('.task-facts').getByText('rejected by ada').waitFor();
    expect(problems).toEqual([]);
  });

  test('cancels one that is at work, and every byte goes back', async () => {
    const project = await testProject();
    const before = project.text('src/a.ts');
    const sleeps = { name: 'sleeps', type: 'custom' as const, command: 'sleep 600', required: true };
    const service = project.service({ config: { checks: [sleeps] } });
    const taskId = await service.planImprovement(request);
    const { page, problems } = await open(await inspected(service, { task: taskId, allowActions: true }));
    const execution = service.executeImprovement();
    await page.locator('.node.current[data-node="improvement.testing.running_checks"]').waitFor();
    expect(project.text('src/a.ts')).toBe('decided\n');
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.textContent()).toContain('puts every file back as it was');
    await dialog.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.locator('.node.current[data-node="improvement.cancelled"]').waitFor();
    expect(await execution).toMatchObject({ success: false, status: 'cancelled' });
    expect(project.text('src/a.ts')).toBe(before);
    expect(problems).toEqual([]);
  });

  test('does everything by the keyboard alone', async () => {
    const project = await testProject();
    const before = project.text('src/a.ts');
    const service = project.service({ config: approving });
    const taskId = await service.planImprovement(request);
    const url = await inspected(service, { task: taskId, allowActions: true });
    const { page, problems } = await open(url);
    await page.getByRole('button', { name: 'Approve', exact: true }).waitFor();
    const focused = () =>
      page.evaluate<string>(
        `(() => { const e = document.activeElement; return (e.getAttribute('aria-label') ?? e.textContent ?? '').trim(); })()`,
      );
    /** Goes on with the Tab key, as a person does who looks for something. */
    const tabTo = async (name: string | RegExp) => {
      for (let presses = 0; presses < 40; presses += 1) {
        const at = await focused();
        if (typeof name === 'string' ? at === name : name.test(at)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`The Tab key does not come to ${String(name)}`);
    };
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await tabTo('Approve');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused()).toBe('Approve');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await tabTo('Approve');
    await page.keyboard.press('Enter');
    await page.locator('.node.current[data-node="improvement.planning.ready"]').waitFor();

    await service.executeImprovement();
    await page.locator('.node.current[data-node="improvement.completed"]').waitFor();
    await tabTo(/^Run$/);
    await page.keyboard.press('ArrowRight');
    await page.getByRole('listbox', { name: 'Files of the plan' }).waitFor();
    await tabTo('Files of the plan');
    await page.keyboard.press('End');
    await page.locator('.code-scroller').getByText('decided').waitFor();
    await tabTo('Moment');
    await page.keyboard.press('Home');
    await page.getByText('1 / ').waitFor();
    await page.keyboard.press('End');

    await page.keyboard.press('Home');
    await page.getByRole('link', { name: 'moult' }).focus();
    await tabTo('Roll back');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await tabTo(/^Roll back$/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => project.text('src/a.ts')).toBe(before);
    expect(problems).toEqual([]);
  });

  test('offers nothing that is not allowed, and says why', async () => {
    const project = await testProject();
    const service = project.service({ config: approving });
    const taskId = await service.planImprovement(request);
    const { page } = await open(await inspected(service, { task: taskId }));
    const approve = page.getByRole('button', { name: 'Approve', exact: true });
    await approve.waitFor();
    expect(await approve.getAttribute('aria-disabled')).toBe('true');
    await approve.focus();
    expect(await page.locator('#why-approve').textContent()).toMatch(/allow/i);
    await approve.click({ force: true });
    expect(await page.getByRole('dialog').count()).toBe(0);
  });
});
