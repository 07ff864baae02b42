import type { AnyStateMachine } from 'xstate';
import { improvementMachine } from '../../../machines/improvement-machine.js';
import { restartMachine } from '../../../machines/restart-machine.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import type { Report } from '../report.js';
import { UsageError } from '../usage-error.js';

const machines: Record<string, AnyStateMachine> = {
  improvement: improvementMachine,
  restart: restartMachine,
};
const formats = ['mermaid', 'svg', 'json'];

/** Prints a machine of moult as a diagram. */
export async function machine(_: Cli, name: string, format: string): Promise<Report> {
  const chosen = Object.hasOwn(machines, name) ? machines[name] : undefined;
  if (!chosen)
    throw new UsageError(
      `there is no machine ${JSON.stringify(name)}`,
      `Choose one of ${Object.keys(machines).join(', ')}.`,
    );
  if (!formats.includes(format))
    throw new UsageError(
      `there is no format ${JSON.stringify(format)}`,
      `Choose one of ${formats.join(', ')}.`,
    );
  const diagram = await draw(chosen, format);
  return {
    exitCode: exitCode.done,
    document: { machine: name, format, diagram },
    text: diagram,
    quietText: diagram,
  };
}

async function draw(chosen: AnyStateMachine, format: string): Promise<string> {
  const { layOutChart, toMermaid, toSvg } = await import('../../inspector/index.js');
  if (format === 'mermaid') return toMermaid(chosen);
  if (format === 'svg') return toSvg(chosen);
  return JSON.stringify(await layOutChart(chosen), null, 2);
}
