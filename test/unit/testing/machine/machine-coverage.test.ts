import { describe, expect, it } from 'vitest';
import { assertFullCoverage, machineCoverage, machinePaths } from '../../../../src/testing/index.js';
import { orderMachine } from './order-machine.js';

const options = { input: { id: 'o-1' }, decisive: ({ retries }: { retries: number }) => retries };

describe('machineCoverage', () => {
  it('is full once every path was replayed', async () => {
    const coverage = machineCoverage(orderMachine);
    for (const path of machinePaths(orderMachine, options)) await path.replay({ coverage });
    assertFullCoverage(coverage);
    const { states, edges, guards } = coverage.report();
    expect(states).toEqual({ seen: 12, total: 12 });
    expect(edges.seen).toBe(edges.total);
    expect(guards).toEqual({ seen: 2, total: 2 });
  });

  it('names states, edges and answers of guards that were left out', async () => {
    const coverage = machineCoverage(orderMachine);
    const noRefusal = { ...options, outcomes: { payment: [{ output: 1 }] } };
    for (const path of machinePaths(orderMachine, noRefusal)) await path.replay({ coverage });
    expect(coverage.missing()).toEqual([
      'state order.refused',
      'transition order.paying --xstate.error.actor.payment[0]--> order.refused',
      'transition order.refused --RETRY[0]--> order.paying',
      'transition order.refused --ABANDON[0]--> order.abandoned',
      'guard accepts order.refused --RETRY[0]--> order.paying',
      'guard refuses order.refused --RETRY[0]--> order.paying',
    ]);
    expect(() => assertFullCoverage(coverage)).toThrow(/state order\.refused\n/);
  });
});
