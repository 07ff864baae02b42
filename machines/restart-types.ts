/** How a restart is to be done: durations in milliseconds. */
export interface RestartSettings {
  /** How long the running program may take to answer what is under way. */
  drainMs: number;
  /** Time between SIGTERM and SIGKILL. */
  stopMs: number;
  /** How long a started program may take until it is ready. */
  readyWithinMs: number;
  /** How long it must then stay well. */
  confirmAfterMs: number;
  /** How often a version is started before it is given up. */
  attemptsMax: number;
  /** Who says that the new version is good: its health, or after that a person. */
  confirmBy: 'health' | 'person';
  /** How long a person may take. */
  confirmWithinMs: number;
}

export interface RestartInput {
  /** As `rs-1700000000000`. */
  restartId: string;
  /** The improvement that needs it; null for a restart of its own. */
  taskId: string | null;
  reason: string;
  /** Milliseconds since the epoch: not before. */
  dueAt: number;
  settings: RestartSettings;
}

/** One start that went wrong. */
export interface FailedStart {
  /** Counts from 1, for each version anew. */
  attempt: number;
  version: 'new' | 'old';
  code: string;
  message: string;
}

export interface RestartContext extends RestartInput {
  /** How often the new version was started. It is on disk before the start. */
  attempts: number;
  /** How often the old version was started. */
  oldAttempts: number;
  failedStarts: FailedStart[];
  /** Somebody said that the improvement is good: it is not taken back any more. */
  isKept: boolean;
  /** Milliseconds since the epoch: a person's word counts until then. Null while nobody is waited for. */
  confirmBefore: number | null;
  /** Why the new version was given up; null while it was not. */
  cause: 'failed' | 'not_confirmed' | 'taken_back' | null;
  /** What else went wrong: a rollback that failed, a program that could not be ended. */
  failure: { code: string; message: string; remedy?: string; details?: unknown } | null;
}

export type RestartEvent =
  /** Somebody does not want it any more. Too late once the program drains. */
  | { type: 'CANCEL' }
  /** The improvement was confirmed, by whomever. */
  | { type: 'CONFIRMED' }
  /** The improvement was taken back, by whomever: its files are the old ones again. */
  | { type: 'TAKEN_BACK' }
  /** The program ended although nobody had asked it to. */
  | { type: 'PROGRAM_EXITED'; message: string }
  /** Sent first after a restore: whoever ran this is gone, and a start that was under way counts as failed. */
  | { type: 'INTERRUPTED' };

/** What every invoked actor is given. */
export interface RestartEffectInput {
  restartId: string;
}

/** For the actor that starts a version of the program. */
export interface StartInput extends RestartEffectInput {
  version: 'new' | 'old';
  /** Counts from 1. */
  attempt: number;
}

/** For the actor that ends the program. */
export interface StopInput extends RestartEffectInput {
  /** It failed: it need not be given much time. */
  hasFailed: boolean;
}

/** For the actors that wait. */
export interface WaitInput extends RestartEffectInput {
  /** Milliseconds since the epoch. */
  until: number;
}
