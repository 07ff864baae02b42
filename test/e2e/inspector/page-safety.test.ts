import { expect, test } from 'vitest';
import type { ImprovementRequest } from '../../../src/improvement.js';
import { testProject } from '../../integration/support/project.js';
import { inspected } from './inspected.js';
import { describeInBrowser } from './open-browser.js';

const attack = '<script>window.attacked = 1</script><img src=x onerror="window.attacked = 2">';
const fileName = 'src/<img src=x onerror=alert(1)>.ts';
const hostile: ImprovementRequest = {
  description: `Look ${attack} \u202egnp.exe`,
  targetFiles: [],
  requiresRestart: false,
  changes: [
    {
      file: fileName,
      type: 'create',
      content: `const a = \`${attack}\`; // </script>${attack}\n`,
      description: attack,
    },
  ],
};
const checks = [
  {
    name: attack,
    type: 'custom' as const,
    command: `node -e "console.log(process.argv[1]); process.exit(1)" ${JSON.stringify(attack)}`,
    required: true,
  },
];

describeInBrowser('text of a model', ({ open }) => {
  test('never becomes markup, and the page asks nobody but its server', async () => {
    const project = await testProject();
    const service = project.service({ config: { checks } });
    const taskId = await service.planImprovement(hostile);
    await service.executeImprovement();
    const url = await inspected(service, { task: taskId, allowActions: true });
    const { page, requests, problems } = await open(url);
    await page.locator('h1').getByText(attack).waitFor();
    expect(await page.locator('h1').textContent()).toContain('\\u{202e}');
    for (const view of ['Change', 'Checks', 'Sequence', 'Summary', 'Run']) {
      await page.getByRole('tab', { name: new RegExp(`^${view}`) }).click();
      if (view === 'Change') await page.locator('.code-scroller').getByText('onerror').first().waitFor();
      if (view === 'Checks') await page.locator('.log-line').getByText(attack).first().waitFor();
    }
    await page.getByRole('tab', { name: 'Context' }).click();
    await page.getByRole('button', { name: 'Whole context' }).click();
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByRole('listbox').getByRole('option').first().waitFor();

    expect(await page.evaluate('window.attacked')).toBeUndefined();
    expect(await page.evaluate('document.querySelectorAll("img").length')).toBe(0);
    expect(await page.evaluate('document.querySelectorAll("script").length')).toBeLessThanOrEqual(1);
    expect(problems).toEqual([]);
    const { origin } = new URL(url);
    const elsewhere = requests.filter(
      (request) => !request.startsWith('data:') && new URL(request).origin !== origin,
    );
    expect(requests.length).toBeGreaterThan(5);
    expect(elsewhere).toEqual([]);
  });
});
