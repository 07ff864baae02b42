import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { probeUntilReady } from '../../../src/supervision/probing.js';

it('a program that is asked often until it is ready leaves nothing behind', async () => {
  const { signal } = new AbortController();
  let asked = 0;
  const listening: number[] = [];
  await probeUntilReady({
    clock: { now: () => 0, schedule: (_, callback) => (queueMicrotask(callback), () => undefined) },
    exit: () => null,
    exited: new Promise(() => undefined),
    look: () => {
      listening.push(getEventListeners(signal, 'abort').length);
      return Promise.resolve(asked++ < 20 ? 'not yet' : null);
    },
    withinMs: 1,
    signal,
  });
  expect(listening).toEqual(Array<number>(21).fill(0));
});
