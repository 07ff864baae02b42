import { expect, onTestFinished, test } from 'vitest';
import { createActor, setup } from 'xstate';
import { inspectActor } from '../../../src/inspector/inspect-actor.js';
import { describeInBrowser } from './open-browser.js';

const child = setup({}).createMachine({
  id: 'lamp',
  initial: 'off',
  states: { off: { on: { SWITCH: 'on' } }, on: { on: { SWITCH: 'off' } } },
});
const door = setup({ actors: { lamp: child } }).createMachine({
  id: 'door',
  initial: 'closed',
  invoke: { id: 'lamp', src: 'lamp' },
  states: { closed: { on: { OPEN: 'open' } }, open: { on: { CLOSE: 'closed' } } },
});

describeInBrowser('an actor of the user', ({ open }) => {
  test('is shown with its child, and takes events that a person sends', async () => {
    const actor = createActor(door);
    const inspector = await inspectActor(actor, { allowActions: true });
    actor.start();
    onTestFinished(async () => {
      await inspector.close();
      actor.stop();
    });
    const { page, problems } = await open(inspector.url);
    await page.locator('.node.current[data-node="door.closed"]').waitFor();
    expect(await page.getByRole('button', { name: 'CLOSE' }).getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('button', { name: 'OPEN' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
    await page.locator('.node.current[data-node="door.open"]').waitFor();
    expect(actor.getSnapshot().value).toBe('open');
    await page.getByRole('option', { name: /lamp/ }).click();
    await page.locator('.node.current[data-node="lamp.off"]').waitFor();
    expect(problems).toEqual([]);
  });
});
