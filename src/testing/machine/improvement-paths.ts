import type { AnyStateMachine } from 'xstate';
import { improvementMachine } from '../../../machines/improvement-machine.js';
import { improvementModel } from './improvement-model.js';
import { machinePaths, type MachinePathsOptions } from './machine-paths.js';
import type { MachinePath } from './machine-path.js';

/**
 * The ways of an improvement, for plans of every kind: with approval and without, with a restart, with confirmation, and
 * for the undoing of a completed one.
 *
 * @param machine Default: `improvementMachine`. Give `.provide` copies or variants of it.
 * @param options Replaces parts of the built-in model: `input` walks only that kind of plan.
 */
export function improvementPaths(
  machine: AnyStateMachine = improvementMachine,
  options: MachinePathsOptions = {},
): MachinePath[] {
  const { inputs, events, outcomes, decisive } = improvementModel;
  const wanted = 'input' in options ? [options.input] : inputs;
  return wanted.flatMap((input) => machinePaths(machine, { events, outcomes, decisive, ...options, input }));
}
