// A machine of somebody who uses moult: it publishes a package, and takes it back where nobody can install it.
import { fromPromise, setup } from 'xstate';

const notProvided = (name) => fromPromise(() => Promise.reject(new Error(`${name} was not provided`)));

export const publishMachine = setup({
  actors: {
    upload: notProvided('upload'),
    install: notProvided('install'),
    withdraw: notProvided('withdraw'),
  },
}).createMachine({
  id: 'publish',
  context: ({ input }) => ({ version: input.version }),
  initial: 'ready',
  states: {
    ready: { on: { PUBLISH: 'uploading', CANCEL: 'cancelled' } },
    uploading: {
      invoke: {
        id: 'upload',
        src: 'upload',
        input: ({ context }) => context,
        onDone: 'trying',
        onError: 'cancelled',
      },
    },
    trying: {
      invoke: {
        id: 'install',
        src: 'install',
        input: ({ context }) => context,
        onDone: 'published',
        onError: 'withdrawing',
      },
    },
    withdrawing: {
      invoke: {
        id: 'withdraw',
        src: 'withdraw',
        input: ({ context }) => context,
        onDone: 'cancelled',
        onError: 'stuck',
      },
    },
    stuck: { on: { RETRY: 'withdrawing' } },
    published: { type: 'final' },
    cancelled: { type: 'final' },
  },
});

/**
 * A registry that counts, and the actors that work with it. Each looks first whether its work is done: whoever died after
 * the work and before the machine heard of it does it a second time.
 */
export function registry() {
  const uploads = [];
  const withdrawn = [];
  const actors = {
    upload: ({ input: { version } }) => {
      if (!uploads.includes(version)) uploads.push(version);
    },
    withdraw: ({ input: { version } }) => {
      if (!withdrawn.includes(version)) withdrawn.push(version);
    },
  };
  return { actors, state: () => ({ uploads, withdrawn }) };
}

/** The ways in which the actors of this registry end. */
export const outcomes = {
  upload: [{ output: undefined }],
  withdraw: [{ output: undefined }],
};
