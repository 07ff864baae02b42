import { initialTransition, transition } from 'xstate';
import { getShortestPaths, getSimplePaths } from 'xstate/graph';
import type { AnyEventObject, AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { resolveModel, type MachineModel } from './machine-model.js';
import { MachinePath } from './machine-path.js';
import { serializeEvent } from './serialize-event.js';

export interface MachinePathsOptions extends MachineModel {
  /**
   * `shortest`: the shortest way to every combination of state and context. `simple`: every way that passes no state
   * twice. Default `all`: both, and a way for each step that neither takes because it leads back.
   */
  kind?: 'shortest' | 'simple' | 'all';
}

interface FoundPath {
  steps: { event: AnyEventObject }[];
}

/**
 * The ways through any XState 5 machine, with the outcomes of its invoked actors as steps of the way. (XState's own
 * `createTestModel` refuses machines that invoke actors.) A path that only begins another one is left out.
 */
export function machinePaths(machine: AnyStateMachine, options: MachinePathsOptions = {}): MachinePath[] {
  const model = resolveModel(machine, options);
  const search = {
    input: model.input,
    events: [...model.events],
    serializeEvent,
    filterEvents: (state: AnyMachineSnapshot, event: AnyEventObject) => state.can(event),
  };
  const serializeState = ({ value, context }: AnyMachineSnapshot) =>
    JSON.stringify([value, model.decisive(context)]);
  const { kind = 'all' } = options;
  const shortest = kind === 'simple' ? [] : eventsOf(getShortestPaths(machine, search));
  const simple = kind === 'shortest' ? [] : eventsOf(getSimplePaths(machine, { ...search, serializeState }));
  const walk = walker(machine, model.input);
  const found = [...shortest, ...simple];
  if (kind === 'all') found.push(...stepsLeftOut(found, walk, model.events, serializeState));
  return withoutBeginnings(found).map((events) => new MachinePath(machine, model, events, walk(events)));
}

function eventsOf(paths: FoundPath[]): AnyEventObject[][] {
  // The first step is the start itself, reached by `xstate.init`.
  return paths.map(({ steps }) => steps.slice(1).map(({ event }) => event));
}

/** For each step that is on no path: the shortest path to where it begins, and the step. */
function stepsLeftOut(
  paths: AnyEventObject[][],
  walk: (events: AnyEventObject[]) => AnyMachineSnapshot[],
  events: readonly AnyEventObject[],
  serializeState: (state: AnyMachineSnapshot) => string,
): AnyEventObject[][] {
  const ways = new Map<string, { way: AnyEventObject[]; state: AnyMachineSnapshot }>();
  const taken = new Set<string>();
  for (const path of [...paths].sort((one, other) => one.length - other.length)) {
    for (const [index, state] of walk(path).entries()) {
      const key = serializeState(state);
      if (!ways.has(key)) ways.set(key, { way: path.slice(0, index), state });
      if (index < path.length) taken.add(stepKey(key, path[index]!));
    }
  }
  return [...ways].flatMap(([key, { way, state }]) =>
    events
      .filter((event) => state.can(event) && !taken.has(stepKey(key, event)))
      .map((event) => [...way, event]),
  );
}

const stepKey = (state: string, event: AnyEventObject) => `${state}\n${serializeEvent(event)}`;

function withoutBeginnings(paths: AnyEventObject[][]): AnyEventObject[][] {
  const begun = new Set<string>();
  return [...paths]
    .sort((one, other) => other.length - one.length)
    .filter((events) => {
      const names = events.map(serializeEvent);
      if (begun.has(names.join('\n'))) return false;
      for (let length = 0; length <= names.length; length += 1) begun.add(names.slice(0, length).join('\n'));
      return true;
    });
}

interface Step {
  state: AnyMachineSnapshot;
  next: Map<string, Step>;
}

/** Walks paths; what they have in common is walked once. */
function walker(
  machine: AnyStateMachine,
  input: unknown,
): (events: AnyEventObject[]) => AnyMachineSnapshot[] {
  const [first] = initialTransition(machine, input) as [AnyMachineSnapshot, unknown];
  const start: Step = { state: first, next: new Map() };
  return (events) => {
    const states = [first];
    let step = start;
    for (const event of events) {
      step = take(machine, step, event);
      states.push(step.state);
    }
    return states;
  };
}

function take(machine: AnyStateMachine, { state, next }: Step, event: AnyEventObject): Step {
  const name = serializeEvent(event);
  const known = next.get(name);
  if (known) return known;
  const [after] = transition(machine, state, event) as [AnyMachineSnapshot, unknown];
  const step: Step = { state: after, next: new Map() };
  next.set(name, step);
  return step;
}
