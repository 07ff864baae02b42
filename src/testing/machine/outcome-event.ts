import type { AnyEventObject } from 'xstate';

/** What an invoked actor tells its machine: by these, path search can walk through an invoke without running it. */
export const outcomeEvent = {
  done: (actorId: string, output?: unknown): AnyEventObject => ({
    type: `xstate.done.actor.${actorId}`,
    output,
    actorId,
  }),
  error: (actorId: string, error: unknown): AnyEventObject => ({
    type: `xstate.error.actor.${actorId}`,
    error,
    actorId,
  }),
};
