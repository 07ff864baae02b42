import { assign, fromPromise, setup } from 'xstate';

const notProvided = () =>
  fromPromise<unknown, { id: string }>(() => Promise.reject(new Error('not provided')));

/** A machine of somebody else: nested and parallel states, guards, a delay, an invoke whose id is not its source. */
export const orderMachine = setup({
  types: {
    context: {} as { id: string; retries: number },
    input: {} as { id: string },
    events: {} as { type: 'PAY' } | { type: 'ABANDON' } | { type: 'RETRY' },
  },
  actors: { charge: notProvided(), ship: notProvided() },
  guards: { mayRetry: ({ context }) => context.retries < 1 },
  delays: { patience: 60_000 },
}).createMachine({
  id: 'order',
  context: ({ input }) => ({ id: input.id, retries: 0 }),
  initial: 'open',
  states: {
    open: { on: { PAY: 'paying', ABANDON: 'abandoned' }, after: { patience: 'abandoned' } },
    paying: {
      invoke: {
        id: 'payment',
        src: 'charge',
        input: ({ context }) => ({ id: context.id }),
        onDone: 'sending',
        onError: 'refused',
      },
    },
    refused: {
      on: {
        RETRY: {
          guard: 'mayRetry',
          target: 'paying',
          actions: assign({ retries: ({ context }) => context.retries + 1 }),
        },
        ABANDON: 'abandoned',
      },
    },
    sending: {
      type: 'parallel',
      onDone: 'delivered',
      states: {
        parcel: {
          initial: 'packing',
          states: {
            packing: {
              invoke: {
                id: 'shipment',
                src: 'ship',
                input: ({ context }) => ({ id: context.id }),
                onDone: 'gone',
                onError: 'packing',
              },
            },
            gone: { type: 'final' },
          },
        },
        letter: {
          initial: 'writing',
          states: { writing: { on: { PAY: 'written' } }, written: { type: 'final' } },
        },
      },
    },
    delivered: { type: 'final' },
    abandoned: { type: 'final' },
  },
});
