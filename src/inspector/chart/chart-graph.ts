import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { actionName } from '../../definition/action-name.js';
import { eventLabel } from '../../definition/event-label.js';
import { guardName } from '../../definition/guard-name.js';
import { machineTransitions } from '../../definition/machine-transitions.js';
import { siblingTransitions } from '../../definition/sibling-transitions.js';
import { stateNodes } from '../../definition/state-nodes.js';
import { transitionKey } from '../../definition/transition-key.js';
import type { ChartEdge, ChartNode } from '../protocol/chart.js';

export type GraphNode = Omit<ChartNode, 'x' | 'y' | 'width' | 'height' | 'texts'> & {
  /** Transitions that lead nowhere, as a line each. */
  stays: string[];
};
export type GraphEdge = Omit<ChartEdge, 'points' | 'labelBox' | 'texts'>;

/** What a statechart shows of a machine, without places. */
export interface ChartGraph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

export function chartGraph(machine: AnyStateMachine): ChartGraph {
  const transitions = machineTransitions(machine);
  const leading = transitions.filter((transition) => targetsOf(transition).length > 0);
  const staying = transitions.filter((transition) => targetsOf(transition).length === 0);
  const nodes = [machine.root as AnyStateNode, ...stateNodes(machine)];
  return {
    nodes: nodes.map((node) => toNode(node, staying)),
    edges: leading.flatMap(toEdges),
  };
}

function toNode(node: AnyStateNode, staying: readonly AnyTransitionDefinition[]): GraphNode {
  return {
    id: node.id,
    key: node.key,
    parent: node.parent?.id ?? null,
    type: node.type,
    initial: initialChildren(node.parent).includes(node),
    entry: node.entry.map(actionName),
    exit: node.exit.map(actionName),
    invokes: node.invoke.map(({ id, src }) => ({ id, src: typeof src === 'string' ? src : 'an actor' })),
    description: node.description ?? null,
    stays: staying.filter(({ source }) => source === node).map(inWords),
  };
}

/** A transition to several states of a parallel one is an edge to each. */
function toEdges(transition: AnyTransitionDefinition): GraphEdge[] {
  const siblings = siblingTransitions(transition);
  const event = transition.eventType as string;
  return targetsOf(transition).map((target) => ({
    id: transitionKey(transition),
    source: (transition.source as AnyStateNode).id,
    target: target.id,
    event,
    label: eventLabel(event),
    guard: guardName(transition),
    actions: transition.actions.map(actionName),
    order: siblings.length > 1 ? siblings.indexOf(transition) + 1 : null,
  }));
}

function inWords(transition: AnyTransitionDefinition): string {
  const guard = guardName(transition);
  const actions = transition.actions.map(actionName).join(', ');
  return `${eventLabel(transition.eventType as string)}${guard ? ` [${guard}]` : ''}${actions ? ` / ${actions}` : ''}`;
}

function targetsOf({ target }: AnyTransitionDefinition): readonly AnyStateNode[] {
  return (target ?? []) as readonly AnyStateNode[];
}

function initialChildren(node: AnyStateNode | undefined): readonly AnyStateNode[] {
  if (node?.type === 'parallel') return Object.values(node.states as Record<string, AnyStateNode>);
  const initial = node?.initial as { target?: readonly AnyStateNode[] } | undefined;
  return initial?.target ?? [];
}
