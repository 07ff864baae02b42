import type { StateValue } from 'xstate';

/** A state of any machine in words: `a.b`, and where several regions are active at once, `a.b | c`. */
export function stateWords(value: StateValue): string {
  return leavesOf(value).join(' | ');
}

function leavesOf(value: StateValue): string[] {
  if (typeof value === 'string') return [value];
  return Object.entries(value).flatMap(([key, child]) => {
    const below = child === undefined ? [] : leavesOf(child);
    return below.length === 0 ? [key] : below.map((leaf) => `${key}.${leaf}`);
  });
}
