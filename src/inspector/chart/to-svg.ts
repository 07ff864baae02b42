import type { AnyStateMachine } from 'xstate';
import { chartSvg } from './chart-svg.js';
import { layOutChart } from './lay-out-chart.js';

/**
 * A machine as a picture of its statechart: an SVG document that stands alone, in light and dark.
 *
 * @param title for who cannot see it. Default: the id of the machine.
 */
export async function toSvg(machine: AnyStateMachine, title: string = machine.id): Promise<string> {
  return chartSvg(await layOutChart(machine), title);
}
