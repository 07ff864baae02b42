import { assign, fromPromise, setup } from 'xstate';
import { describe, expect, it } from 'vitest';
import { crashPoints, improvementPaths, type World } from '../../../../src/testing/index.js';
import { improvementMachine } from '../../../../machines/index.js';
import { orderMachine } from './order-machine.js';

const options = { input: { id: 'o-1' }, decisive: ({ retries }: { retries: number }) => retries };

/** How many of the points fail, and the first reason. */
async function failures(points: ReturnType<typeof crashPoints>): Promise<{ count: number; first: string }> {
  const reasons: string[] = [];
  for (const point of points) await point.run().catch((error: Error) => reasons.push(error.message));
  return { count: reasons.length, first: reasons[0] ?? '' };
}

describe('crashPoints', () => {
  it('has a point for each state of each path', () => {
    const points = crashPoints(orderMachine, options);
    expect(points.length).toBeGreaterThan(20);
    expect(points[0]!.description).toMatch(/^dies before the work in "open" of open -\(/);
  });

  it('finds nothing in a machine whose snapshots hold all that it needs', async () => {
    expect(await failures(crashPoints(orderMachine, options))).toEqual({ count: 0, first: '' });
  });

  it('finds nothing in the improvement machine', async () => {
    const [longest] = improvementPaths().sort((one, other) => other.events.length - one.events.length);
    const { input, events, decisive } = longest!.model;
    const outcomes = Object.fromEntries(
      longest!.events.flatMap((event) => {
        const [, id] = /^xstate\.done\.actor\.(.+)$/.exec(event.type) ?? [];
        return id === undefined ? [] : [[id, [{ output: event['output'] as unknown }]]];
      }),
    );
    const publicOnes = events.filter(({ type }) => !type.startsWith('xstate.'));
    const points = crashPoints(improvementMachine, { input, events: publicOnes, outcomes, decisive });
    expect(points.length).toBeGreaterThan(50);
    expect(await failures(points)).toEqual({ count: 0, first: '' });
  });

  it('finds an actor that does its work twice when nobody had heard that it was done', async () => {
    const world = (): World => {
      const charges: string[] = [];
      return { actors: { payment: () => charges.push('10 EUR') }, state: () => charges };
    };
    const onlyPaid = { ...options, outcomes: { payment: [{ output: 1 }] }, world };
    const { count, first } = await failures(crashPoints(orderMachine, onlyPaid));
    expect(count).toBeGreaterThan(0);
    expect(first).toContain('in the world after a crash');
  });

  it('finds nothing wrong with an actor that looks first whether it did its work', async () => {
    const world = (): World => {
      const charges = new Set<string>();
      const payment = ({ input }: { input: unknown }) => charges.add((input as { id: string }).id);
      return { actors: { payment }, state: () => [...charges] };
    };
    const onlyPaid = { ...options, outcomes: { payment: [{ output: 1 }] }, world };
    expect(await failures(crashPoints(orderMachine, onlyPaid))).toEqual({ count: 0, first: '' });
  });

  it('finds a context that JSON does not bring back', async () => {
    const forgetful = setup({
      types: { context: {} as { seen: Map<string, number> } },
      actors: { work: fromPromise<void>(() => Promise.resolve()) },
    }).createMachine({
      id: 'forgetful',
      context: { seen: new Map() },
      initial: 'counting',
      states: {
        counting: {
          on: { COUNT: { target: 'deciding', actions: assign({ seen: () => new Map([['one', 1]]) }) } },
        },
        deciding: {
          on: {
            GO: [
              {
                guard: ({ context }) => context.seen instanceof Map && context.seen.size > 0,
                target: 'good',
              },
              { target: 'lost' },
            ],
          },
        },
        good: { type: 'final' },
        lost: { type: 'final' },
      },
    });
    const { count, first } = await failures(crashPoints(forgetful));
    expect(count).toBeGreaterThan(0);
    expect(first).toMatch(/after GO of the path counting/);
  });
});
