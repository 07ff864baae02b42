import { expect, it } from 'vitest';
import { ShutdownCallbacks } from '../../../src/supervision/shutdown-callbacks.js';
import { CollectingLogger } from '../../integration/support/collecting-logger.js';

/** Time passes only when everybody waits for it. */
class SteppedClock {
  private time = 1_000;
  now = () => this.time;
  schedule = (delayMs: number, callback: () => void) => {
    const timer = setImmediate(() => {
      this.time += delayMs;
      callback();
    });
    return () => clearImmediate(timer);
  };
}

const never = () => new Promise<void>(() => undefined);

it('runs the callbacks last first, each until its own deadline, and goes on after one that fails or hangs', async () => {
  const logger = new CollectingLogger();
  const callbacks = new ShutdownCallbacks(new SteppedClock(), logger);
  const called: [string, number][] = [];
  const note = (name: string, work: () => Promise<void> | void) => (shutdown: { deadline: number }) => {
    called.push([name, shutdown.deadline]);
    return work();
  };
  callbacks.add(note('first', () => undefined));
  callbacks.add(note('hangs', never), 200);
  callbacks.add(
    note('throws', () => {
      throw new Error('boom');
    }),
    100,
  );
  callbacks.add(note('taken back', () => undefined))();
  await callbacks.run('why', 500);
  // The one that hangs took its 200 ms; whoever has no limit has what is left of all.
  expect(called).toEqual([
    ['throws', 1_100],
    ['hangs', 1_200],
    ['first', 1_500],
  ]);
  expect(logger.lines.filter((line) => /callback failed: (boom|it took too long)/.test(line))).toHaveLength(
    2,
  );
});

it('leaves behind what is not done when all the time is over', async () => {
  const callbacks = new ShutdownCallbacks(new SteppedClock(), new CollectingLogger());
  let left = -1;
  callbacks.add(({ deadline }) => void (left = deadline));
  callbacks.add(never);
  await callbacks.run('why', 500);
  expect(left).toBe(1_500);
});
