import type { ChildProcess, SpawnOptions } from 'node:child_process';

/** Starts a process; `spawn` of `node:child_process` is one. */
export type Spawner = (command: string, args: readonly string[], options: SpawnOptions) => ChildProcess;
