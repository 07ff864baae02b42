// What can happen at the n-th operation. `survives`: the process goes on and tells how it ended. `fillsUp`: from
// then on nothing can be written, and a rollback has to manage with renames.
export const modes = {
  /** Everything is killed just before it. */
  kill: { inject: 'kill' },
  /** A write gets half way, then everything is killed. */
  torn: { inject: 'torn' },
  /** Only the first process is killed; its children live on. */
  main: { inject: 'main' },
  /** It fails once. */
  eio: { inject: 'err:EIO', survives: true, countSyncs: true },
  enospc: { inject: 'err:ENOSPC', survives: true },
  /** The disk stays full from then on; what needs no space, as a rename, goes on working. */
  full: { inject: 'full', survives: true, fillsUp: true },
  'enospc-for-good': { inject: 'errp:ENOSPC', survives: true },
  /** A write is short, and says so. */
  short: { inject: 'short', survives: true },
  /** A second process starts the same improvement at that instant. */
  second: { inject: 'hook', survives: true },
  /** An editor saves a planned file at that instant: into the file, or beside it and then over it. */
  editor: { inject: 'hook', survives: true },
  /** The first process is killed while a child is held at that operation; after recovery the child goes on. */
  late: { inject: 'late' },
  /** The kill, and then recovery is killed as well, at its k-th operation. */
  double: { inject: 'kill' },
};
