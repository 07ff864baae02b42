import type {
  AnyEventObject,
  AnyMachineSnapshot,
  AnyStateMachine,
  AnyStateNode,
  AnyTransitionDefinition,
  InspectionEvent,
} from 'xstate';
import { machineTransitions } from '../../src/definition/machine-transitions.js';
import { siblingTransitions } from '../../src/definition/sibling-transitions.js';
import { stateNodes } from '../../src/definition/state-nodes.js';
import { transitionKey } from '../../src/definition/transition-key.js';

/** What of a machine's definition real actors went through. */
export interface TransitionCoverage {
  /** Goes into `createActor(machine, { inspect })`. */
  inspect: (event: InspectionEvent) => void;
  /** Notes that `event` was sent in `snapshot` and nothing was taken: each guard on the way refused. */
  noteRefusal(snapshot: AnyMachineSnapshot, event: AnyEventObject): void;
  /** In words, what was never reached, taken, accepted or refused; empty when the definition is covered. */
  missing(): string[];
}

export function transitionCoverage(machine: AnyStateMachine): TransitionCoverage {
  const seen = new Set<string>();
  return {
    inspect: (event) => noteInspection(seen, event),
    noteRefusal: (snapshot, event) => noteRefusal(seen, snapshot, event),
    missing: () => wanted(machine).filter((item) => !seen.has(item)),
  };
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
