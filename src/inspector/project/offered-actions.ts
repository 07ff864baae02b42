import { improvementMachine } from '../../../machines/improvement-machine.js';
import type { Standing } from '../../notify/milestones-between.js';
import { isFinal, isResting } from '../../service/state-path.js';
import type { ActionView, EventView } from '../protocol/improvement.js';

type Offer = Pick<ActionView, 'action' | 'label' | 'does' | 'takesReason' | 'changesFiles'> & {
  /** Null where it can be done; else why not, in a sentence. */
  refusal: (state: string) => string | null;
};

const only = (state: string, why: string) => (now: string) => (now === state ? null : why);

const offers: Offer[] = [
  {
    action: 'approve',
    label: 'Approve',
    does: 'Says yes to exactly this plan. It can be executed then; nothing is executed by it.',
    takesReason: true,
    changesFiles: false,
    refusal: only('planning.awaiting_approval', 'It does not wait for approval.'),
  },
  {
    action: 'reject',
    label: 'Reject',
    does: 'Says no to this plan. It ends as cancelled; no file was touched.',
    takesReason: true,
    changesFiles: false,
    refusal: only('planning.awaiting_approval', 'It does not wait for approval.'),
  },
  {
    action: 'cancel',
    label: 'Cancel',
    does: 'Drops the plan, or stops the improvement and puts every file back as it was.',
    takesReason: false,
    changesFiles: true,
    refusal: whyNoCancel,
  },
  {
    action: 'confirm',
    label: 'Confirm',
    does: 'Says that the restarted version is good. The improvement is completed then.',
    takesReason: true,
    changesFiles: false,
    refusal: only('awaiting_confirmation', 'It does not wait for confirmation.'),
  },
  {
    action: 'rollback',
    label: 'Roll back',
    does: 'Puts every file of this improvement back as it was before, verified by its hash.',
    takesReason: false,
    changesFiles: true,
    refusal: whyNoRollback,
  },
];

/**
 * What a person can do with an improvement.
 *
 * @param offReason why nothing can be done from here at all; null where it can.
 */
export function offeredActions(state: string, offReason: string | null): ActionView[] {
  return offers.map(({ refusal, ...offer }) => {
    const why = offReason ?? refusal(state);
    return { ...offer, enabled: why === null, why };
  });
}

/** The events of the machine, those that XState sends itself left out, and whether each would do something now. */
export function offeredEvents({ state, context }: Standing): EventView[] {
  const snapshot = improvementMachine.resolveState({ value: valueOf(state), context });
  const types = (improvementMachine.events as string[]).filter((type) => !type.startsWith('xstate.'));
  // With the digest that is on disk, as a person would have who looked at it.
  const can = (type: string) => snapshot.can({ type, planDigest: context.planDigest } as never);
  return [...new Set(types)].sort().map((type) => ({ type, canBeTaken: !isFinal(state) && can(type) }));
}

function whyNoCancel(state: string): string | null {
  if (isFinal(state)) return 'It has ended.';
  if (state === 'rolling_back') return 'It is being taken back already.';
  if (state === 'rollback_failed') return 'Its rollback failed; try that again.';
  const isTooLate = state.startsWith('testing.') && state !== 'testing.running_checks';
  return isTooLate ? 'It is too late: the change is being kept already.' : null;
}

function whyNoRollback(state: string): string | null {
  if (['completed', 'awaiting_confirmation', 'rollback_failed'].includes(state)) return null;
  if (isFinal(state)) return 'It left no change in the files.';
  return isResting(state) ? 'Nothing was changed yet.' : 'It is under way; cancel it instead.';
}

/** `a.b` as XState has it: `{ a: 'b' }`. */
function valueOf(state: string): string | Record<string, string> {
  const [parent, child] = state.split('.') as [string, string?];
  return child === undefined ? parent : { [parent]: child };
}
