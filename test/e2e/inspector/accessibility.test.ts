import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { ImprovementRequest } from '../../../src/improvement.js';
import { failing, testProject } from '../../integration/support/project.js';
import { inspected } from './inspected.js';
import { describeInBrowser } from './open-browser.js';

const request: ImprovementRequest = {
  description: 'Be read by everybody',
  targetFiles: [],
  requiresRestart: false,
  changes: [
    { file: 'src/a.ts', type: 'modify', content: 'export const a: string = "1"; // read\n' },
    { file: 'package.json', type: 'create', content: '{}\n' },
  ],
};

/** What axe calls serious or critical, as one line each. */
async function faults(page: Page, rules?: string[]): Promise<string[]> {
  // By the debugger: the page itself may not run a script of somebody else.
  await page.evaluate(axe.source);
  const options = { resultTypes: ['violations'], ...(rules ? { runOnly: rules } : {}) };
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

describeInBrowser('axe', ({ open }) => {
  test.each(['light', 'dark'] as const)('finds no serious fault in any view, %s', async (colorScheme) => {
    const project = await testProject();
    const service = project.service({ config: { checks: failing } });
    const taskId = await service.planImprovement(request);
    await service.executeImprovement();
    const url = await inspected(service, { task: taskId, allowActions: true });
    const { page } = await open(url, { colorScheme, reducedMotion: 'reduce' });
    await page.locator('.node.current').waitFor();
    // In the dark only the colours are others.
    const rules = colorScheme === 'dark' ? ['color-contrast'] : undefined;
    for (const view of ['Run', 'Change', 'Checks', 'Sequence', 'Summary']) {
      await page.getByRole('tab', { name: new RegExp(`^${view}`) }).click();
      if (view === 'Change') await page.locator('.code-row').first().waitFor();
      expect(await faults(page, rules), view).toEqual([]);
    }
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByRole('listbox').getByRole('option').first().waitFor();
    expect(await faults(page, rules), 'history').toEqual([]);
  });

  test('finds none on a phone, and nothing is wider than its screen', async () => {
    const project = await testProject();
    const service = project.service({ config: { checks: failing, requireApproval: 'always' } });
    const taskId = await service.planImprovement(request);
    const url = await inspected(service, { task: taskId, allowActions: true });
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const { page } = await open(url, { ...phone, reducedMotion: 'reduce' });
    await page.locator('.node.current').waitFor();
    for (const view of ['Run', 'Change', 'Checks', 'Sequence', 'Summary']) {
      await page.getByRole('tab', { name: new RegExp(`^${view}`) }).click();
      expect(await page.evaluate('document.documentElement.scrollWidth'), view).toBeLessThanOrEqual(390);
    }
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByRole('dialog').waitFor();
    expect(await faults(page)).toEqual([]);
  });
});
