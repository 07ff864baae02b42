import type { AnyStateMachine } from 'xstate';
import { MoultError } from '../../errors/moult-error.js';
import type { Chart } from '../protocol/chart.js';
import { layOutChart } from './lay-out-chart.js';

/** The charts of machines, each laid out once, when it is first asked for, if it is not known before. */
export class ChartCache {
  /** `.provide` copies of a machine share its configuration, and have the same chart. */
  private readonly ids = new Map<unknown, string>();
  private readonly machines = new Map<string, AnyStateMachine>();
  private readonly charts = new Map<string, Promise<Chart>>();

  constructor(machines: readonly AnyStateMachine[] = [], known: readonly Chart[] = []) {
    for (const machine of machines) this.add(machine);
    for (const chart of known) this.charts.set(chart.id, Promise.resolve(chart));
  }

  /** Answers the id of its chart: that of the machine, with a number where another machine has it. */
  add(machine: AnyStateMachine): string {
    const known = this.ids.get(machine.config);
    if (known !== undefined) return known;
    let id = machine.id;
    for (let number = 2; this.machines.has(id); number += 1) id = `${machine.id} ${number}`;
    this.ids.set(machine.config, id);
    this.machines.set(id, machine);
    return id;
  }

  /** @throws INSPECTOR_UNKNOWN */
  async chart(id: string): Promise<Chart> {
    const machine = this.machines.get(id);
    if (!machine) throw new MoultError('INSPECTOR_UNKNOWN', { what: `chart ${JSON.stringify(id)}` });
    const laidOut = this.charts.get(id) ?? layOutChart(machine);
    this.charts.set(id, laidOut);
    return { ...(await laidOut), id };
  }
}
