import type { StateValue } from 'xstate';
import type { ImprovementStatus } from '../../machines/improvement-types.js';

const finals: readonly string[] = ['completed', 'rolled_back', 'cancelled'];
const resting = [
  ...finals,
  'planning.awaiting_approval',
  'planning.ready',
  'awaiting_confirmation',
  'rollback_failed',
];

/** A state as one word: `implementing.applying`. */
export function statePath(value: StateValue): string {
  if (typeof value === 'string') return value;
  return Object.entries(value)
    .map(([parent, child]) => (child === undefined ? parent : `${parent}.${statePath(child)}`))
    .join('|');
}

/** The top-level state: what the seed calls the status. */
export function statusOf(state: string): ImprovementStatus {
  return state.split('.')[0] as ImprovementStatus;
}

/** Nothing is under way: the improvement ended, or waits for somebody. */
export function isResting(state: string): boolean {
  return resting.includes(state);
}

export function isFinal(state: string): boolean {
  return finals.includes(state);
}
