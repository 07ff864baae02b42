import { fromPromise } from 'xstate';
import { improvementMachine } from '../../machines/improvement-machine.js';
import type { EffectInput, UndeclaredReport } from '../../machines/improvement-types.js';
import { withSystemErrors } from '../errors/with-system-errors.js';
import { applyChanges } from './apply-changes.js';
import { assessPlan } from './assess-plan.js';
import { backUp } from './back-up.js';
import { createCheckpoint } from './create-checkpoint.js';
import { withoutSecrets } from '../secrets/without-secrets.js';
import type { EffectRunner } from './effect-runner.js';
import type { ImprovementParts } from './improvement-parts.js';
import { rollBack } from './roll-back.js';
import { runChecks } from './run-checks.js';
import { scheduleRestart } from './schedule-restart.js';
import { sealChanges } from './seal-changes.js';

type Effect<Output> = (parts: ImprovementParts, signal: AbortSignal) => Promise<Output>;

/** The machine with real actors. */
export function withImprovementActors(
  parts: ImprovementParts,
  runner: EffectRunner,
): typeof improvementMachine {
  const actor = <Output>(name: string, effect: Effect<Output>, options?: { evenUnsaved: boolean }) =>
    fromPromise<Output, EffectInput>(({ signal }) =>
      runner.run(name, (abort) => masked(parts, () => effect(parts, abort)), signal, options),
    );
  return improvementMachine.provide({
    actors: {
      assessPlan: actor('assessPlan', assessPlan),
      backUp: actor('backUp', backUp),
      createCheckpoint: actor('createCheckpoint', createCheckpoint),
      applyChanges: actor('applyChanges', applyChanges),
      runChecks: actor('runChecks', runChecks),
      // The decision may be in the journal, and acknowledged, already; a full disk does not unmake it.
      sealChanges: actor<UndeclaredReport | null | void>('sealChanges', sealChanges, {
        evenUnsaved: parts.journal.of('sealed').length > 0,
      }),
      scheduleRestart: actor('scheduleRestart', scheduleRestart),
      // What a rollback does is read off the journal, so it can begin even when the disk is too full for a snapshot.
      rollBack: actor('rollBack', rollBack, { evenUnsaved: true }),
    },
  });
}

/** What an effect throws is kept in the snapshot and told to people. */
async function masked<Output>({ masker }: ImprovementParts, work: () => Promise<Output>): Promise<Output> {
  try {
    return await withSystemErrors(work);
  } catch (error) {
    throw withoutSecrets(masker, error);
  }
}
