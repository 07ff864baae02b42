import type { AnyTransitionDefinition } from 'xstate';

/** The name of a transition's guard; null where it has none. */
export function guardName({ guard }: Pick<AnyTransitionDefinition, 'guard'>): string | null {
  if (guard === undefined || guard === null) return null;
  if (typeof guard === 'string') return guard;
  if (typeof guard === 'function') return (guard as { name?: string }).name || 'a condition';
  return (guard as { type?: string }).type ?? 'a condition';
}
