import { devNull } from 'node:os';

/** Settings of every git we start, each with the harm it averts. The configuration of our own store is all it reads. */
const settings = {
  // Both would run a program that the repository names.
  'core.fsmonitor': 'false',
  'core.hooksPath': devNull,
  // Files of the user's home that would change what counts as untracked and how contents are compared.
  'core.excludesFile': devNull,
  'core.attributesFile': devNull,
  // No work behind our back, and no children that outlive the call.
  'gc.auto': '0',
  'maintenance.auto': 'false',
  // A cache in the copied index, made for another place and other exclude files.
  'core.untrackedCache': 'false',
  // Makes git look at files outside the sparse patterns that are there all the same.
  'core.sparseCheckout': 'true',
  // What git writes for us is a scratch index; what is kept is flushed by us.
  'core.fsync': 'none',
};

/** Goes before the command of every git call. */
export const hardenedArguments: readonly string[] = [
  ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  // A file may be called `:(top)` or `*`.
  '--literal-pathspecs',
  // Never takes the index lock just to refresh it.
  '--no-optional-locks',
  // Would start a program if output were a terminal.
  '--no-pager',
];

/** The environment of every git call. */
export const hardenedEnvironment: Readonly<Record<string, string>> = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_SYSTEM: devNull,
  GIT_CONFIG_GLOBAL: devNull,
  GIT_ATTR_NOSYSTEM: '1',
  // Never asks, never waits for a person.
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  // Objects as they are, not as refs/replace shows them.
  GIT_NO_REPLACE_OBJECTS: '1',
  // An object that a partial clone left out is missing; it is not fetched over the network.
  GIT_NO_LAZY_FETCH: '1',
  LC_ALL: 'C',
};

/** Anything git-specific we inherit (from a hook, a wrapper, a dev container) speaks of another repository. */
export const isGitVariable = (name: string): boolean => /^GIT_/i.test(name);
