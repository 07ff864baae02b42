import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { stateNodes } from './state-nodes.js';

/** Every transition that a machine's definition holds, the eventless ones too. */
export function machineTransitions(machine: AnyStateMachine): AnyTransitionDefinition[] {
  return [machine.root as AnyStateNode, ...stateNodes(machine)].flatMap((node) => [
    ...((node.always ?? []) as AnyTransitionDefinition[]),
    ...([...node.transitions.values()].flat() as AnyTransitionDefinition[]),
  ]);
}
