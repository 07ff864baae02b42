import { createMachine, fromPromise } from 'xstate';
import { describe, expect, it } from 'vitest';
import { improvementMachine } from '../../../../machines/index.js';
import { improvementPaths, machinePaths, type MachinePath } from '../../../../src/testing/index.js';
import { orderMachine } from './order-machine.js';

const options = { input: { id: 'o-1' }, decisive: ({ retries }: { retries: number }) => retries };

const isPaidAtOnce = ({ description }: MachinePath) =>
  description.startsWith('open -(PAY)-> paying -(payment done)->');

describe('machinePaths', () => {
  it('goes through invokes, parallel states, guards and delays to every end', () => {
    const ends = machinePaths(orderMachine, options).map(({ end }) => JSON.stringify(end.value));
    expect(new Set(ends)).toContain('"delivered"');
    expect(new Set(ends)).toContain('"abandoned"');
  });

  it('describes a path in words', () => {
    const descriptions = machinePaths(orderMachine, options).map(({ description }) => description);
    expect(descriptions).toContain('open -(patience passed)-> abandoned');
    expect(
      descriptions.some((text) => text.startsWith('open -(PAY)-> paying -(payment failed)-> refused')),
    ).toBe(true);
  });

  it('finds more ways than the shortest', () => {
    const shortest = machinePaths(orderMachine, { ...options, kind: 'shortest' });
    const all = machinePaths(orderMachine, { ...options, kind: 'all' });
    expect(shortest.length).toBeGreaterThan(0);
    expect(all.length).toBeGreaterThan(shortest.length);
  });

  it('replays every path by a real actor whose invoked actors do what the path says', async () => {
    for (const path of machinePaths(orderMachine, options)) {
      const run = await path.replay();
      expect((run.actor.getSnapshot() as { value: unknown }).value).toEqual(path.end.value);
    }
  });

  it('lets invoked actors do real work on the way', async () => {
    const charged: unknown[] = [];
    const path = machinePaths(orderMachine, options).find(isPaidAtOnce)!;
    await path.replay({ actors: { payment: ({ input }) => charged.push(input) } });
    expect(charged).toEqual([{ id: 'o-1' }]);
  });

  it('fails a replay whose real actor ends otherwise than the path says', async () => {
    const path = machinePaths(orderMachine, options).find(isPaidAtOnce)!;
    const payment = () => Promise.reject(new Error('no money'));
    await expect(path.replay({ actors: { payment } })).rejects.toMatchObject({
      code: 'ERR_ASSERTION',
      message: expect.stringContaining('after payment done of the path open') as string,
    });
  });

  it('refuses to replay a machine that invokes an actor without a name', async () => {
    const machine = createMachine({
      id: 'inline',
      initial: 'working',
      states: {
        working: { invoke: { id: 'work', src: fromPromise(() => Promise.resolve(1)), onDone: 'done' } },
        done: {},
      },
    });
    const [path] = machinePaths(machine);
    await expect(path!.replay()).rejects.toMatchObject({
      code: 'MODEL_INLINE_ACTOR',
      details: { state: 'inline.working', actor: 'work' },
    });
  });
});

describe('improvementPaths', () => {
  it('walks plans of every kind to every end', () => {
    const ends = new Set(improvementPaths().map(({ end }) => JSON.stringify(end.value)));
    for (const end of ['completed', 'rolled_back', 'cancelled', 'rollback_failed'])
      expect(ends).toContain(JSON.stringify(end));
  });

  it('walks one kind of plan where an input is given', () => {
    const input = {
      ...{ taskId: 'si-1', planDigest: 'digest' },
      ...{ approvalRequired: false, needsRestart: false, confirmationRequired: false },
    };
    const paths = improvementPaths(improvementMachine, { input });
    expect(paths.length).toBeGreaterThan(0);
    for (const { states } of paths)
      for (const { value } of states) expect(value).not.toEqual({ planning: 'awaiting_approval' });
  });
});
