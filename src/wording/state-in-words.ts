const stateWords: Record<string, string> = {
  'planning.assessing': 'being planned',
  'planning.awaiting_approval': 'waits for approval',
  'planning.ready': 'planned, ready to be executed',
  'implementing.backing_up': 'under way: backing up',
  'implementing.checkpointing': 'under way: making the checkpoint',
  'implementing.applying': 'under way: applying the changes',
  'testing.running_checks': 'under way: running the checks',
  'testing.sealing': 'under way: deciding to keep it',
  'testing.scheduling_restart': 'under way: scheduling the restart',
  awaiting_confirmation: 'waits for confirmation',
  rolling_back: 'under way: rolling back',
  rollback_failed: 'the rollback failed',
  completed: 'completed',
  rolled_back: 'rolled back',
  cancelled: 'cancelled',
};

/** A state of the machine in words. */
export function stateInWords({ state, interrupted }: { state: string; interrupted?: boolean }): string {
  const words = stateWords[state] ?? state;
  return interrupted === true ? `interrupted (was ${words.replace(/^under way: /, '')})` : words;
}

/** What is being done in a state, where something is. */
export function activityInWords(state: string): string {
  return stateInWords({ state }).replace(/^under way: /, '');
}
