import type { ImprovementContext } from '../../machines/improvement-types.js';
import type { Milestone } from './notifier.js';

/** Where an improvement stands: its state as a path, as `planning.ready`, and its context. */
export interface Standing {
  state: string;
  context: ImprovementContext;
}

/** What is worth telling about a step of the machine. */
export function milestonesBetween(from: Standing | null, to: Standing): Milestone[] {
  if (from?.state === to.state) return [];
  const reached = milestoneOf[to.state]?.(to.context) ?? [];
  return [...leaving(from, to), ...reached];
}

const milestoneOf: Record<string, (context: ImprovementContext) => Milestone[]> = {
  'planning.awaiting_approval': () => ['planned'],
  'planning.ready': ({ approval }) => (approval ? ['approved'] : ['planned']),
  'implementing.backing_up': () => ['started'],
  'testing.running_checks': () => ['applied'],
  awaiting_confirmation: () => ['completed'],
  completed: ({ confirmation }) => (confirmation ? ['confirmed'] : ['completed']),
  rolling_back: ({ cause }) =>
    ['apply_failed', 'checks_failed', 'conflict'].includes(cause ?? '') ? ['failed'] : [],
  rolled_back: () => ['rolled_back'],
  cancelled: () => ['cancelled'],
  rollback_failed: () => ['rollback_failed'],
};

function leaving(from: Standing | null, { context }: Standing): Milestone[] {
  return from?.state === 'testing.scheduling_restart' && context.restartFailure === null
    ? ['restart_scheduled']
    : [];
}
