import type {
  AnyEventObject,
  AnyMachineSnapshot,
  AnyStateMachine,
  AnyStateNode,
  AnyTransitionDefinition,
  InspectionEvent,
} from 'xstate';
import { machineTransitions } from '../../definition/machine-transitions.js';
import { siblingTransitions } from '../../definition/sibling-transitions.js';
import { stateNodes } from '../../definition/state-nodes.js';
import { transitionKey } from '../../definition/transition-key.js';

/** What of a machine's definition real actors went through. */
export interface MachineCoverage {
  /** Goes into `createActor(machine, { inspect })`. */
  inspect: (event: InspectionEvent) => void;
  /** Notes that `event` was sent in `snapshot` and nothing was taken: each guard on the way refused. */
  noteRefusal(snapshot: AnyMachineSnapshot, event: AnyEventObject): void;
  /** In words, what was never reached, taken, accepted or refused; empty when the definition is covered. */
  missing(): string[];
  /** How much of each kind was seen. A guard counts twice: once for each answer. */
  report(): Record<'states' | 'edges' | 'guards', { seen: number; total: number }>;
}

export function machineCoverage(machine: AnyStateMachine): MachineCoverage {
  const seen = new Set<string>();
  return {
    inspect: (event) => noteInspection(seen, event),
    noteRefusal: (snapshot, event) => noteRefusal(seen, snapshot, event),
    missing: () => wanted(machine).filter((item) => !seen.has(item)),
    report: () => ({
      states: count(machine, seen, 'state '),
      edges: count(machine, seen, 'transition '),
      guards: count(machine, seen, 'guard '),
    }),
  };
}

function count(machine: AnyStateMachine, seen: ReadonlySet<string>, kind: string) {
  const items = wanted(machine).filter((item) => item.startsWith(kind));
  return { seen: items.filter((item) => seen.has(item)).length, total: items.length };
}

const stateSeen = (node: AnyStateNode) => `state ${node.id}`;
const taken = (transition: AnyTransitionDefinition) => `transition ${transitionKey(transition)}`;
const accepted = (transition: AnyTransitionDefinition) => `guard accepts ${transitionKey(transition)}`;
const refused = (transition: AnyTransitionDefinition) => `guard refuses ${transitionKey(transition)}`;

function wanted(machine: AnyStateMachine): string[] {
  const transitions = machineTransitions(machine);
  const guarded = transitions.filter(({ guard }) => guard !== undefined);
  return [
    ...stateNodes(machine).map(stateSeen),
    ...transitions.map(taken),
    ...guarded.map(accepted),
    ...guarded.map(refused),
  ];
}

function noteInspection(seen: Set<string>, event: InspectionEvent): void {
  if (event.type !== '@xstate.microstep') return;
  for (const node of (event.snapshot as AnyMachineSnapshot)._nodes ?? []) seen.add(stateSeen(node));
  for (const transition of event._transitions) noteTaken(seen, transition);
}

function noteTaken(seen: Set<string>, transition: AnyTransitionDefinition): void {
  const siblings = siblingTransitions(transition);
  const position = siblings.indexOf(transition);
  if (position < 0) return;
  // A state that is left at once stands in no snapshot.
  seen
    .add(stateSeen(transition.source as AnyStateNode))
    .add(taken(transition))
    .add(accepted(transition));
  for (const tried of siblings.slice(0, position)) seen.add(refused(tried));
}

function noteRefusal(seen: Set<string>, snapshot: AnyMachineSnapshot, event: AnyEventObject): void {
  for (const node of snapshot._nodes as AnyStateNode[]) {
    for (const transition of node.transitions.get(event.type) ?? []) seen.add(refused(transition));
  }
}
