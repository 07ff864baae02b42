import type { AnyStateNode, AnyTransitionDefinition } from 'xstate';

/** The transitions among which one is chosen: same source, same event, in the order they are tried. */
export function siblingTransitions(transition: AnyTransitionDefinition): AnyTransitionDefinition[] {
  const source = transition.source as AnyStateNode;
  const always = (source.always ?? []) as AnyTransitionDefinition[];
  if (always.includes(transition)) return always;
  return (source.transitions.get(transition.eventType as string) ?? []) as AnyTransitionDefinition[];
}
