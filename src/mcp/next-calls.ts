import type { NextCall } from './answer.js';

interface Standing {
  taskId: string;
  state: string;
  interrupted?: boolean;
  /** A person gave the word for the plan, so a person gives it for the result as well. */
  needsPerson?: boolean;
}

const waitMs = 30_000;

/** The calls that make sense for an improvement where it stands. */
export function nextCalls({ taskId, state, interrupted = false, needsPerson = false }: Standing): NextCall[] {
  const call = (action: 'execute' | 'cancel' | 'rollback' | 'confirm', effect: string): NextCall => ({
    arguments: { action, taskId },
    effect,
  });
  const wait = (effect: string): NextCall => ({ arguments: { action: 'status', taskId, waitMs }, effect });
  const plan: NextCall = { arguments: { action: 'plan' }, effect: 'makes a new plan' };
  if (interrupted)
    return [{ arguments: { action: 'cancel', taskId }, effect: 'takes back what its process left' }];
  switch (state) {
    case 'planning.ready':
      return [call('execute', 'carries it out'), call('cancel', 'drops it')];
    case 'planning.awaiting_approval':
      return [
        call('execute', 'asks the person, where this client can'),
        wait("waits for the person's decision"),
        call('cancel', 'drops it'),
      ];
    case 'awaiting_confirmation':
      return [
        ...(needsPerson ? [] : [call('confirm', 'keeps it, once the restarted program works')]),
        wait('waits for the confirmation'),
        call('rollback', 'takes it back'),
      ];
    case 'completed':
      return [call('rollback', 'takes it back'), plan];
    case 'rolled_back':
    case 'cancelled':
      return [plan];
    case 'rollback_failed':
      return [wait('waits until a person has seen to it')];
    default:
      return [wait('waits for the end'), call('cancel', 'stops it and takes it back')];
  }
}
