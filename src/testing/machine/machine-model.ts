import type { AnyEventObject, AnyStateMachine, AnyStateNode } from 'xstate';
import { machineTransitions } from '../../definition/machine-transitions.js';
import { stateNodes } from '../../definition/state-nodes.js';
import { outcomeEvent } from './outcome-event.js';

/** One way in which an invoked actor can end. */
export type ActorOutcome = { output: unknown } | { error: unknown };

/** With what a machine is walked through all that it can do. Everything has a default. */
export interface MachineModel {
  /** Default: none. */
  input?: unknown;
  /** What people and programs send. Default: one event of each type that the definition names, without a payload. */
  events?: readonly AnyEventObject[];
  /** How invoked actors can end, by the id of the invoke. Default for each: done without an output, and one error. */
  outcomes?: Readonly<Record<string, readonly ActorOutcome[]>>;
  /** What of the context decides where the machine goes: a simple path may pass a state once for each value of it. */
  decisive?: (context: never) => unknown;
}

/** A model with every default filled in. */
export interface ResolvedModel {
  input: unknown;
  /** What can be sent from outside. */
  publicEvents: readonly AnyEventObject[];
  /** How the actors invoked in a state can end. */
  outcomesIn: (invokeId: string) => readonly AnyEventObject[];
  /** Both, and the delays that can pass. */
  events: readonly AnyEventObject[];
  decisive: (context: unknown) => unknown;
}

export function resolveModel(machine: AnyStateMachine, model: MachineModel): ResolvedModel {
  const types = new Set(machineTransitions(machine).map(({ eventType }) => eventType as string));
  const publicEvents = model.events ?? [...types].filter(isPublic).map((type) => ({ type }));
  // A delay ends by an event of its own; no clock runs here.
  const delays = [...types].filter((type) => type.startsWith('xstate.after.')).map((type) => ({ type }));
  const outcomes = new Map(
    invokeIds(machine).map((id) => [id, toEvents(id, model.outcomes?.[id] ?? defaultOutcomes(id))]),
  );
  return {
    input: model.input,
    publicEvents,
    outcomesIn: (invokeId) => outcomes.get(invokeId) ?? [],
    events: [...publicEvents, ...delays, ...[...outcomes.values()].flat()],
    decisive: (model.decisive as ((context: unknown) => unknown) | undefined) ?? (() => null),
  };
}

function isPublic(type: string): boolean {
  return type !== '' && !type.includes('*') && !type.startsWith('xstate.');
}

function invokeIds(machine: AnyStateMachine): string[] {
  const nodes = [machine.root as AnyStateNode, ...stateNodes(machine)];
  return [...new Set(nodes.flatMap((node) => node.invoke.map(({ id }) => id)))];
}

function defaultOutcomes(id: string): readonly ActorOutcome[] {
  return [{ output: undefined }, { error: new Error(`${id} failed`) }];
}

function toEvents(id: string, outcomes: readonly ActorOutcome[]): AnyEventObject[] {
  return outcomes.map((outcome) =>
    'error' in outcome ? outcomeEvent.error(id, outcome.error) : outcomeEvent.done(id, outcome.output),
  );
}
