import { createHash } from 'node:crypto';
import * as path from 'node:path';

/**
 * The places of one program's restarts in the state directory (docs/format.md). Each project root that shares the state
 * has a folder of its own: in a monorepo each program is restarted by itself.
 */
export class RestartFolder {
  readonly path: string;

  /** @param root the project root relative to the top of the working tree; empty for the top itself. */
  constructor(
    readonly stateDirectory: string,
    root: string,
  ) {
    const key = createHash('sha256').update(root).digest('hex').slice(0, 16);
    this.path = path.join(stateDirectory, 'restart', key);
  }

  /** Held by the guard, or by the program where that looks after its restarts itself. */
  get lock(): string {
    return this.file('lock');
  }
  /** A restart that was asked for, until whoever holds the lock takes it up. */
  get request(): string {
    return this.file('request.json');
  }
  /** The newest snapshot of the restart machine. */
  get snapshot(): string {
    return this.file('snapshot.json');
  }
  /** What the start that comes next, or the last one, is about. */
  get boot(): string {
    return this.file('boot.json');
  }
  /** The configuration as it was when the guard was started, or the restart scheduled. */
  get config(): string {
    return this.file('config.json');
  }
  /** Which process the guard started. */
  get program(): string {
    return this.file('program.json');
  }
  /** An empty file: somebody does not want the restart any more. */
  get cancelRequest(): string {
    return this.file('cancel-request');
  }
  /** The program writes `READY=1` here, where that is how it says so. */
  get readyFile(): string {
    return this.file('ready');
  }
  /** For people: why nothing is tried any more, and what to do. While it is there, the program is not started. */
  get safeMode(): string {
    return this.file('SAFE-MODE.txt');
  }
  /** The guard, whole, for everybody who shares the state. */
  get guard(): string {
    return path.join(this.stateDirectory, 'guard.mjs');
  }

  private file(name: string): string {
    return path.join(this.path, name);
  }
}
