import type { AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { siblingTransitions } from './sibling-transitions.js';

/** Names a transition the same way in a machine and in its `.provide` copies, and so that a person finds it. */
export function transitionKey(transition: AnyTransitionDefinition): string {
  const source = transition.source as AnyStateNode;
  const targets = (transition.target ?? []) as readonly AnyStateNode[];
  const position = siblingTransitions(transition).indexOf(transition);
  const event = (transition.eventType as string) || 'always';
  return `${source.id} --${event}[${position}]--> ${targets.map((node) => node.id).join(', ') || 'stays'}`;
}
