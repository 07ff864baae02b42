import { initialTransition, transition } from 'xstate';
import { getShortestPaths } from 'xstate/graph';
import type { AnyEventObject, AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { serializeEvent } from '../../src/testing/machine/serialize-event.js';

/** A way through a machine: after `events[i]` it stands in `states[i + 1]`; `states[0]` is where it starts. */
export interface MachinePath {
  events: AnyEventObject[];
  states: AnyMachineSnapshot[];
}

interface PathSearch {
  input: unknown;
  /** What may be sent, outcomes of invoked actors included. */
  events: readonly AnyEventObject[];
  /** What of the context decides where a machine goes; simple paths may pass a state once for each value of it. */
  decisive: (context: unknown) => unknown;
}

interface FoundPath {
  steps: { event: AnyEventObject }[];
}

/**
 * The shortest way to every state, counted once for each value of what is decisive, and from there every step that can
 * be taken. For machines that may try again and again, where there are too many ways to go them all.
 */
export function machineSteps(machine: AnyStateMachine, search: PathSearch): MachinePath[] {
  const found = getShortestPaths(machine, {
    input: search.input,
    events: [...search.events],
    serializeEvent,
    serializeState: ({ value, context }: AnyMachineSnapshot) =>
      JSON.stringify([value, search.decisive(context)]),
    filterEvents: (state: AnyMachineSnapshot, event: AnyEventObject) => state.can(event),
  } as never) as unknown as (FoundPath & { state: AnyMachineSnapshot })[];
  const sent = found.flatMap(({ steps, state }) => {
    const events = steps.slice(1).map(({ event }) => event);
    const next = search.events.filter((event) => state.can(event)).map((event) => [...events, event]);
    return [events, ...next];
  });
  return withoutBeginnings(sent).map((events) => ({
    events,
    states: statesOf(machine, search.input, events),
  }));
}

function withoutBeginnings(paths: AnyEventObject[][]): AnyEventObject[][] {
  const begun = new Set<string>();
  return [...paths]
    .sort((one, other) => other.length - one.length)
    .filter((events) => {
      const names = events.map(serializeEvent);
      if (begun.has(names.join('\n'))) return false;
      names.forEach((_, index) => begun.add(names.slice(0, index + 1).join('\n')));
      return true;
    });
}

function statesOf(machine: AnyStateMachine, input: unknown, events: AnyEventObject[]): AnyMachineSnapshot[] {
  const [first] = initialTransition(machine, input) as [AnyMachineSnapshot, unknown];
  const states = [first];
  for (const event of events) {
    const [next] = transition(machine, states.at(-1)!, event) as [AnyMachineSnapshot, unknown];
    states.push(next);
  }
  return states;
}
