import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { exportReport } from '../../../src/inspector/report/export-report.js';
import { failing, testProject } from '../../integration/support/project.js';
import { describeInBrowser } from './open-browser.js';

const attack = '</script><script>window.attacked = 1</script>';

describeInBrowser('a report in one file', ({ open }) => {
  test('shows everything without a server, asks nobody, and offers no action', async () => {
    const project = await testProject();
    const service = project.service({ config: { checks: failing } });
    await service.planImprovement({
      description: `Be attached ${attack}`,
      targetFiles: [],
      requiresRestart: false,
      changes: [{ file: 'src/a.ts', type: 'modify', content: `export const a = "${attack}";\n` }],
    });
    await service.executeImprovement();
    const folder = mkdtempSync(path.join(tmpdir(), 'moult-report-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = path.join(folder, 'report.html');
    writeFileSync(file, await exportReport(service));
    const url = pathToFileURL(file).href;

    const { page, requests, problems } = await open(url);
    await page.locator('.node.current[data-node="improvement.rolled_back"]').waitFor();
    expect(await page.locator('h1').textContent()).toBe(`Be attached ${attack}`);
    expect(await page.locator('.connection').textContent()).toBe('Report');
    expect(await page.getByRole('group', { name: 'Actions' }).count()).toBe(0);
    await page.getByRole('slider', { name: 'Moment' }).press('Home');
    expect(await page.locator('.node.current').count()).toBe(0);
    await page.getByRole('tab', { name: /^Change/ }).click();
    await page.locator('.half.added').getByText('window.attacked').first().waitFor();
    await page.getByRole('tab', { name: /^Checks/ }).click();
    await page.getByText('It has printed nothing.').waitFor();
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByRole('listbox').getByRole('option').first().waitFor();

    expect(await page.evaluate('window.attacked')).toBeUndefined();
    expect(requests.filter((request) => request !== url && !request.startsWith('data:'))).toEqual([]);
    expect(problems).toEqual([]);
  });
});
