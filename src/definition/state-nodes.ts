import type { AnyStateMachine, AnyStateNode } from 'xstate';

/** Every state of a machine, parents before children, the root left out. */
export function stateNodes(machine: AnyStateMachine): AnyStateNode[] {
  const below = (node: AnyStateNode): AnyStateNode[] =>
    Object.values(node.states as Record<string, AnyStateNode>).flatMap((child) => [child, ...below(child)]);
  return below(machine.root as AnyStateNode);
}
