import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { siblingTransitions } from '../../src/definition/sibling-transitions.js';
import { stateNodes } from '../../src/definition/state-nodes.js';

/** The machine as a Mermaid state diagram: its innermost states, and each way from one to another with its reasons. */
export function machineDiagram(machine: AnyStateMachine): string {
  const leaves = stateNodes(machine).filter(isLeaf);
  const names = leaves.map((node) => `  state "${pathOf(node)}" as ${node.key}`);
  const start = `  [*] --> ${initialLeaf(machine.root as AnyStateNode).key}`;
  const ends = leaves.filter(({ type }) => type === 'final').map(({ key }) => `  ${key} --> [*]`);
  return ['stateDiagram-v2', ...names, start, ...leaves.flatMap(arrowsFrom), ...ends].join('\n');
}

function arrowsFrom(leaf: AnyStateNode): string[] {
  const reasons = new Map<string, string[]>();
  for (const transition of transitionsOf(leaf)) {
    const target = initialLeaf((transition.target as AnyStateNode[])[0]!).key;
    reasons.set(target, [...(reasons.get(target) ?? []), reasonOf(transition)]);
  }
  return [...reasons].map(
    ([target, labels]) => `  ${leaf.key} --> ${target} : ${[...new Set(labels)].join(' or ')}`,
  );
}

/** Its own, and those of the states around it. */
function transitionsOf(node: AnyStateNode): AnyTransitionDefinition[] {
  const own = [
    ...((node.always ?? []) as AnyTransitionDefinition[]),
    ...[...node.transitions.values()].flat(),
  ];
  const around = node.parent ? transitionsOf(node.parent) : [];
  return [...own, ...around].filter(({ target }) => target !== undefined);
}

function reasonOf(transition: AnyTransitionDefinition): string {
  const eventType = transition.eventType as string;
  const [, outcome, actor] = /^xstate\.(done|error)\.actor\.(.+)$/.exec(eventType) ?? [];
  const event =
    actor === undefined ? eventType || 'at once' : `${actor} ${outcome === 'done' ? 'done' : 'failed'}`;
  const guard = transition.guard as string | { type?: string } | undefined;
  const name = typeof guard === 'string' ? guard : guard?.type;
  if (name !== undefined) return `${event}, ${name}`;
  return siblingTransitions(transition).length > 1 ? `${event}, otherwise` : event;
}

function initialLeaf(node: AnyStateNode): AnyStateNode {
  if (isLeaf(node)) return node;
  const [child] = (node.initial as { target: readonly AnyStateNode[] }).target;
  return initialLeaf(child!);
}

const isLeaf = (node: AnyStateNode): boolean => Object.keys(node.states).length === 0;
const pathOf = (node: AnyStateNode): string => node.path.join('.');
