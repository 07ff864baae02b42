import type { IconName } from '../elements/icon-paths.js';

/** What a state means for the person who looks. */
export type Tone = 'run' | 'wait' | 'good' | 'bad' | 'back' | 'idle';

export interface Look {
  tone: Tone;
  icon: IconName;
}

const looks: Record<string, Look> = {
  awaiting_approval: { tone: 'wait', icon: 'pause' },
  awaiting_confirmation: { tone: 'wait', icon: 'pause' },
  ready: { tone: 'wait', icon: 'pause' },
  planning: { tone: 'run', icon: 'play' },
  implementing: { tone: 'run', icon: 'play' },
  testing: { tone: 'run', icon: 'play' },
  rolling_back: { tone: 'back', icon: 'back' },
  rolled_back: { tone: 'back', icon: 'back' },
  completed: { tone: 'good', icon: 'check' },
  cancelled: { tone: 'idle', icon: 'slash' },
  rollback_failed: { tone: 'bad', icon: 'warning' },
  scheduled: { tone: 'wait', icon: 'pause' },
  draining: { tone: 'run', icon: 'play' },
  stopping: { tone: 'run', icon: 'play' },
  starting: { tone: 'run', icon: 'play' },
  confirming: { tone: 'run', icon: 'play' },
  awaiting_person: { tone: 'wait', icon: 'pause' },
  confirmed: { tone: 'good', icon: 'check' },
  reverting: { tone: 'back', icon: 'back' },
  reverted: { tone: 'back', icon: 'back' },
  giving_up: { tone: 'bad', icon: 'warning' },
  safe_mode: { tone: 'bad', icon: 'warning' },
  passed: { tone: 'good', icon: 'check' },
  failed: { tone: 'bad', icon: 'cross' },
  timed_out: { tone: 'bad', icon: 'cross' },
  not_run: { tone: 'bad', icon: 'slash' },
  running: { tone: 'run', icon: 'play' },
  pending: { tone: 'idle', icon: 'dots' },
  low: { tone: 'idle', icon: 'dots' },
  medium: { tone: 'wait', icon: 'dots' },
  high: { tone: 'bad', icon: 'warning' },
  critical: { tone: 'bad', icon: 'warning' },
};

/** Colour and shape for a state, a check's status or a risk; the most exact part of a state that is known decides. */
export function stateLook(state: string): Look {
  const known = state
    .split('.')
    .reverse()
    .find((part) => Object.hasOwn(looks, part));
  return known === undefined ? { tone: 'idle', icon: 'state' } : looks[known]!;
}
