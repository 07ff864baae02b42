import * as path from 'node:path';

/**
 * The places of one improvement in the state directory (docs/format.md). `index` is the position of a path in the plan.
 * Nothing here has a source file's ending: a test runner would collect a backed-up `a.test.ts`.
 */
export class TaskFolder {
  constructor(
    /** Absolute. */
    readonly path: string,
  ) {}

  get taskId(): string {
    return path.basename(this.path);
  }

  get plan(): string {
    return this.file('plan.json');
  }
  get snapshot(): string {
    return this.file('snapshot.json');
  }
  get journal(): string {
    return this.file('journal.log');
  }
  /** What happened, for people to look at. */
  get timeline(): string {
    return this.file('timeline.log');
  }
  /** The place of the improvement in its trace, where OpenTelemetry is configured. */
  get trace(): string {
    return this.file('trace.json');
  }
  /** Another process asks for a cancel by creating it. */
  get cancelRequest(): string {
    return this.file('cancel-request');
  }
  /** Present until a sealed improvement is taken back after all; see `revoked`. */
  get revocable(): string {
    return this.file('revocable');
  }
  /** `revocable`, renamed: the decision in the journal no longer holds. A rename works on a full disk, a record may not. */
  get revoked(): string {
    return this.file('revoked');
  }

  get plannedFolder(): string {
    return this.file('planned');
  }
  get beforeFolder(): string {
    return this.file('before');
  }
  get stagedFolder(): string {
    return this.file('staged');
  }
  get directoriesFolder(): string {
    return this.file('directories');
  }
  get takenFolder(): string {
    return this.file('taken');
  }
  get undeclaredFolder(): string {
    return this.file('undeclared');
  }
  get artifactsFolder(): string {
    return this.file('artifacts');
  }
  get logsFolder(): string {
    return this.file('logs');
  }
  get scratchFolder(): string {
    return this.file('scratch');
  }

  /** The new content as it was planned. */
  planned(index: number): string {
    return path.join(this.plannedFolder, String(index));
  }

  /** The before-image. */
  before(index: number): string {
    return path.join(this.beforeFolder, String(index));
  }

  /** What stood at a path outside the plan before the checks, ready to be put back. */
  undeclared(position: number): string {
    return path.join(this.undeclaredFolder, String(position));
  }

  /** What was built before the change, ready to be put back. */
  artifact(position: number): string {
    return path.join(this.artifactsFolder, String(position));
  }

  private file(name: string): string {
    return path.join(this.path, name);
  }
}
