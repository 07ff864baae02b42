import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../src/testing/index.js';

describe('manualClock', () => {
  it('stands still until it is moved', async () => {
    const clock = manualClock(1_000);
    const heard: string[] = [];
    clock.schedule(0, () => heard.push('at once'));
    expect([clock.now(), heard, clock.waiting]).toEqual([1_000, [], 1]);
    await clock.advance(0);
    expect([clock.now(), heard, clock.waiting]).toEqual([1_000, ['at once'], 0]);
  });

  it('calls what comes due in the order of time, each at its time, and nothing before', async () => {
    const clock = manualClock();
    const heard: [string, number][] = [];
    const hear = (name: string) => () => heard.push([name, clock.now()]);
    clock.schedule(300, hear('third'));
    clock.schedule(100, hear('first'));
    clock.schedule(100, hear('second'));
    clock.schedule(301, hear('later'));
    await clock.advance(300);
    expect(heard).toEqual([
      ['first', 100],
      ['second', 100],
      ['third', 300],
    ]);
    expect([clock.now(), clock.waiting]).toEqual([300, 1]);
  });

  it('lets go on what awaits a callback, so that what is asked for then comes due as well', async () => {
    const clock = manualClock();
    const heard: number[] = [];
    const wait = (ms: number) => new Promise<void>((resolve) => clock.schedule(ms, resolve));
    const work = (async () => {
      for (let turn = 0; turn < 3; turn += 1) {
        await wait(100);
        heard.push(clock.now());
      }
    })();
    await clock.advance(250);
    expect(heard).toEqual([100, 200]);
    await clock.advance(50);
    await work;
    expect(heard).toEqual([100, 200, 300]);
  });

  it('never calls what was taken back', async () => {
    const clock = manualClock();
    const heard: string[] = [];
    const unschedule = clock.schedule(100, () => heard.push('taken back'));
    clock.schedule(50, unschedule);
    await clock.advance(1_000);
    expect(heard).toEqual([]);
  });
});
