import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ImprovementRequest } from '../../../src/improvement.js';
import { testProject } from '../../integration/support/project.js';
import { inspected } from './inspected.js';
import { describeInBrowser } from './open-browser.js';
import { recordLit } from './record-lit.js';

const request: ImprovementRequest = {
  description: 'Be watched by somebody',
  targetFiles: [],
  requiresRestart: false,
  changes: [
    { file: 'src/a.ts', type: 'modify', content: 'export const greeting = "watched";\n' },
    { file: 'src/fresh.ts', type: 'create', content: 'export const fresh = 1;\n' },
  ],
};
const inOrder = [
  'improvement.planning.ready',
  'improvement.implementing.backing_up',
  'improvement.implementing.checkpointing',
  'improvement.implementing.applying',
  'improvement.testing.running_checks',
  'improvement.testing.sealing',
  'improvement.completed',
];

/** A check that prints, waits for a file, and prints again. */
function waitingCheck() {
  const folder = mkdtempSync(path.join(tmpdir(), 'moult-page-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'go');
  const program = `console.log('\\u001b[32mbegun\\u001b[39m'); const t = setInterval(() => { if (require('fs').existsSync('${file}')) { console.log('ended'); clearInterval(t); } }, 20)`;
  return {
    letGo: () => writeFileSync(file, ''),
    checks: [
      {
        name: 'waits',
        type: 'custom' as const,
        command: `node -e ${JSON.stringify(program)}`,
        required: true,
      },
    ],
  };
}

describeInBrowser('watching a live improvement', ({ open }) => {
  test('shows each state as it comes, the output of a check as it is printed, and how it ends', async () => {
    const { checks, letGo } = waitingCheck();
    const project = await testProject();
    const service = project.service({ config: { checks } });
    const taskId = await service.planImprovement(request);
    const { page, problems } = await open(await inspected(service, { task: taskId }));
    await page.locator('.node.current[data-node="improvement.planning.ready"]').waitFor();
    const lit = await recordLit(page);

    const execution = service.executeImprovement();
    await page.locator('.node.current[data-node="improvement.testing.running_checks"]').waitFor();
    await page.getByRole('tab', { name: /^Checks/ }).click();
    const output = page.getByRole('region', { name: 'Output of the check' });
    await output.getByText('begun', { exact: true }).waitFor();
    expect(await output.getByText('ended').count()).toBe(0);
    await page.locator('.checks-view .badge').getByText('running').first().waitFor();
    letGo();
    await output.getByText('ended', { exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Run' }).click();
    await execution;
    await page.locator('.node.current[data-node="improvement.completed"]').waitFor();

    // While the checks were looked at, the chart was not there.
    const seen = await lit();
    expect(seen).toEqual(inOrder.filter((state) => seen.includes(state)));
    expect(seen.slice(0, 5)).toEqual(inOrder.slice(0, 5));
    expect(seen.at(-1)).toBe('improvement.completed');
    expect(await page.getByTestId('announcement').textContent()).toBe('The improvement is completed.');
    expect(problems).toEqual([]);
  });

  test('goes back to any moment: chart, files and context are those of then', async () => {
    const project = await testProject();
    const service = project.service();
    const taskId = await service.planImprovement(request);
    await service.executeImprovement();
    const { page, problems } = await open(await inspected(service, { task: taskId }));
    await page.locator('.node.current[data-node="improvement.completed"]').waitFor();
    const tree = page.getByRole('region', { name: 'Planned files at this moment' });
    expect(await tree.getByText('as planned').count()).toBe(2);

    const slider = page.getByRole('slider', { name: 'Moment' });
    await slider.press('Home');
    expect(await page.locator('.node.current').count()).toBe(0);
    expect(await tree.getByText('as before', { exact: true }).count()).toBe(2);

    // To the moment at which applying began, by its line in the timeline.
    await page.getByRole('combobox', { name: 'Show in the timeline' }).selectOption('state');
    await page.getByRole('option', { name: 'implementing.applying' }).click();
    await page.locator('.node.current[data-node="improvement.implementing.applying"]').waitFor();
    expect(await tree.getByText('as planned').count()).toBe(0);
    expect(await page.locator('.edge.arrived').count()).toBeGreaterThan(0);
    await page.getByRole('tab', { name: 'Context' }).click();
    const context = page.getByRole('region', { name: 'Context' });
    await context.getByText('checkpoint', { exact: false }).first().waitFor();
    expect(await context.textContent()).not.toContain('appliedPaths');
    await page.getByRole('button', { name: 'Mark this moment to compare' }).click();

    await page.getByRole('button', { name: 'Newest' }).click();
    await page.locator('.node.current[data-node="improvement.completed"]').waitFor();
    await context.getByText('Changed since').waitFor();
    expect(await context.textContent()).toContain('appliedPaths');
    expect(problems).toEqual([]);
  });

  test('shows the change, before and after, side by side and in one column', async () => {
    const project = await testProject();
    const service = project.service();
    const taskId = await service.planImprovement(request);
    const { page, problems } = await open(await inspected(service, { task: taskId }));
    await page.getByRole('tab', { name: /^Change/ }).click();
    const code = page.locator('.code-scroller');
    await code.getByText('watched').waitFor();
    expect(await code.locator('.half.removed').count()).toBeGreaterThan(0);
    expect(await code.locator('.half.added .code-string').first().textContent()).toBe('"watched"');
    await page.getByRole('button', { name: 'Unified' }).click();
    await code.locator('.code-row.added').first().waitFor();
    await page.getByRole('button', { name: 'Before' }).click();
    expect(await code.getByText('watched').count()).toBe(0);
    await page.getByRole('button', { name: 'After' }).click();
    await code.getByText('watched').waitFor();

    await page.getByRole('option', { name: /fresh\.ts/ }).click();
    await page.getByRole('heading', { name: 'src/fresh.ts' }).waitFor();
    await page.getByRole('searchbox', { name: 'Filter files' }).fill('nothing has this name');
    await page.getByText('No file fits.').waitFor();
    expect(problems).toEqual([]);
  });

  test('follows who said what to whom', async () => {
    const project = await testProject();
    const service = project.service();
    const taskId = await service.planImprovement(request);
    await service.executeImprovement();
    const { page } = await open(await inspected(service, { task: taskId }));
    await page.getByRole('tab', { name: 'Sequence' }).click();
    await page.getByRole('listbox', { name: 'Messages between actors' }).waitFor();
    await page.getByRole('img', { name: /runChecks to .*: runChecks done/ }).waitFor();
  });

  test('finds improvements in the history and opens one', async () => {
    const project = await testProject();
    const service = project.service();
    await service.planImprovement(request);
    await service.executeImprovement();
    await service.planImprovement({
      ...request,
      description: 'Another one',
      changes: [{ file: 'src/a.ts', type: 'modify', content: 'again\n' }],
    });
    const { page, problems } = await open(await inspected(service));
    await page.getByRole('heading', { name: 'Improvements' }).waitFor();
    const rows = page.getByRole('listbox').getByRole('option');
    expect(await rows.count()).toBe(2);
    expect(await page.locator('.figures').textContent()).toContain('Success rate100 %');
    await page.getByRole('searchbox', { name: 'Search improvements' }).fill('watched');
    expect(await rows.count()).toBe(1);
    await rows.click();
    await page.getByRole('heading', { name: 'Be watched by somebody' }).waitFor();
    await page.locator('.node.current[data-node="improvement.completed"]').waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Improvements' }).waitFor();
    expect(problems).toEqual([]);
  });
});
