import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { inspectService } from '../../../src/inspector/inspect-service.js';
import { testProject } from '../../integration/support/project.js';
import { describeInBrowser } from './open-browser.js';

/** A finished improvement whose check prints a lot. */
async function finished(checks: { name: string; type: 'custom'; command: string; required: boolean }[]) {
  const project = await testProject();
  const service = project.service({ config: { checks } });
  const task = await service.planImprovement({
    description: 'Be looked at',
    targetFiles: [],
    requiresRestart: false,
    changes: [{ file: 'src/a.ts', type: 'modify', content: 'seen\n' }],
  });
  await service.executeImprovement();
  const inspector = await inspectService(service, { task });
  onTestFinished(() => inspector.close());
  return inspector;
}
const check = (program: string) => ({
  ...{ name: 'prints', type: 'custom' as const, required: true },
  command: `node -e ${JSON.stringify(program)}`,
});
const zoomOf = (page: Page) =>
  page.evaluate<number>(
    `Number(/scale\\((.+?)\\)/.exec(document.querySelector('.chart-drawing > g').style.transform)[1])`,
  );

describeInBrowser('looking around', ({ open }) => {
  test('zooms and moves the chart by wheel, drag and keys, and goes to the moment of a state', async () => {
    const { url } = await finished([check('0')]);
    const { page, problems } = await open(url, { reducedMotion: 'reduce' });
    await page.locator('.node.current[data-node="improvement.completed"]').waitFor();
    const chart = page.locator('.chart-frame');
    const first = await zoomOf(page);
    await chart.hover();
    await page.mouse.wheel(0, -200);
    await expect.poll(() => zoomOf(page)).toBeGreaterThan(first);
    await chart.press('-');
    await chart.press('0');
    await expect.poll(() => page.locator('.mini-chart').count()).toBe(0);
    const whole = await zoomOf(page);
    expect(whole).toBeLessThan(first);

    const node = page.locator('[data-node="improvement.testing.running_checks"] > .title');
    const before = (await node.boundingBox())!;
    const box = (await chart.boundingBox())!;
    await page.mouse.move(box.x + 20, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + 60, box.y + 50, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => Math.round((await node.boundingBox())!.x - before.x)).toBe(40);
    await node.click();
    await page.locator('.node.current[data-node="improvement.testing.running_checks"]').waitFor();
    expect(problems).toEqual([]);
  });

  test('pinches the chart on a phone', async () => {
    const { url } = await finished([check('0')]);
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const { page, problems } = await open(url, phone);
    await page.locator('.node.current[data-node="improvement.completed"]').waitFor();
    const first = await zoomOf(page);
    const { x, y, width, height } = (await page.locator('.chart-frame').boundingBox())!;
    const devtools = await page.context().newCDPSession(page);
    /** Two fingers, so far from the middle. */
    const touch = (type: 'touchStart' | 'touchMove', apart: number) =>
      devtools.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: [-apart, apart].map((by, id) => ({ x: x + width / 2 + by, y: y + height / 2, id })),
      });
    await touch('touchStart', 20);
    await touch('touchMove', 50);
    await touch('touchMove', 80);
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await expect.poll(() => zoomOf(page)).toBeGreaterThan(first * 1.5);
    expect(problems).toEqual([]);
  });

  test('goes through a long log from its end to its beginning', async () => {
    const { url } = await finished([
      check(`for (let i = 0; i < 60000; i++) console.log('line ' + i + ' ' + 'x'.repeat(30))`),
    ]);
    const { page, problems } = await open(url);
    await page.getByRole('tab', { name: /^Checks/ }).click();
    const log = page.getByRole('region', { name: 'Output of the check' });
    await log.getByText('line 59999 ').waitFor();
    expect(await log.locator('.log-line').count()).toBeLessThan(120);
    await page.getByRole('button', { name: 'Earlier' }).click();
    await page.getByRole('button', { name: 'Beginning' }).click();
    await log.press('Home');
    await log.getByText('line 0 ').waitFor();
    await page.getByRole('button', { name: 'Later' }).click();
    await page.getByRole('button', { name: 'End', exact: true }).click();
    await log.getByText('line 59999 ').waitFor();
    expect(problems).toEqual([]);
  });

  test('is told that the inspector has ended, and keeps what was seen', async () => {
    const inspector = await finished([check('0')]);
    const { page } = await open(inspector.url);
    await page.locator('.node.current[data-node="improvement.completed"]').waitFor();
    await inspector.close();
    await page.getByText('The inspector has ended').waitFor();
    expect(await page.locator('.node.current').count()).toBe(1);
  });
});
