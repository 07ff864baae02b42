import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import type { Cli } from '../../../src/cli/cli.js';
import { StopSignals } from '../../../src/cli/stop-signals.js';

const words = { first: 'first', again: 'again' };

function surroundings() {
  const io = new EventEmitter();
  const said: string[] = [];
  const cli = { io, output: { note: (line: string) => said.push(line) } } as unknown as Cli;
  return { io, said, cli };
}

it('a signal that came before the work could be stopped stops it then, once', async () => {
  const { io, said, cli } = surroundings();
  let stops = 0;
  await StopSignals.during(cli, words, async (stop) => {
    io.emit('SIGINT');
    expect(stop.isRequested).toBe(true);
    stop.whenRequested(() => (stops += 1));
    io.emit('SIGTERM');
    await Promise.resolve();
  });
  expect(stops).toBe(1);
  expect(said).toEqual(['first', 'again']);
});

it('after the work, also work that failed, signals end the process again', async () => {
  const { io, cli } = surroundings();
  const failing = StopSignals.during(cli, words, () => Promise.reject(new Error('failed')));
  expect(io.listenerCount('SIGINT') + io.listenerCount('SIGHUP')).toBe(2);
  await expect(failing).rejects.toThrow('failed');
  expect(io.listenerCount('SIGINT') + io.listenerCount('SIGTERM') + io.listenerCount('SIGHUP')).toBe(0);
});
