import type { CheckView } from '../../protocol/improvement.js';
import type { Json } from '../../protocol/session.js';

export type Context = Readonly<Record<string, Json>>;

/** Where one actor stood. */
export interface ActorMoment {
  chart: string;
  state: string;
  /** Ids of the active nodes. */
  active: readonly string[];
  /** Ids of the edges by which it came there. */
  arrived: readonly string[];
  /** Ids of all nodes and edges it has been at so far. */
  path: Set<string>;
  context: Context;
  /** Before it came there; null at its beginning. */
  contextBefore: Context | null;
}

/** What the journal and the rollback say of a planned file. */
export type FileStanding =
  | 'as_before'
  /** Its before-image is kept. */
  | 'saved'
  /** It was about to be changed; until the outcome is written, it is in doubt. */
  | 'changing'
  | 'changed'
  | 'conflict'
  | 'restored'
  /** Somebody else's version was left in place. */
  | 'kept'
  | 'not_restored';

/** How everything stood after one entry of a timeline. */
export interface Moment {
  /** Position of the entry; -1 before the first. */
  index: number;
  at: string | null;
  /** In the order in which they came. */
  actors: Map<string, ActorMoment>;
  /** The one that came to a state last. */
  lastActor: string | null;
  /** By position in the plan; those that are not here are as before. */
  files: Map<number, FileStanding>;
  /** By position in the plan; those that are not here are pending. */
  checks: Map<number, CheckView['status']>;
  /** Names of the effects that were at work, with the actor that invoked them. */
  atWork: Map<string, string>;
}

export function firstMoment(): Moment {
  return {
    index: -1,
    at: null,
    actors: new Map(),
    lastActor: null,
    files: new Map(),
    checks: new Map(),
    atWork: new Map(),
  };
}

/** A copy that can be moved on without changing the first. */
export function copyMoment(moment: Moment): Moment {
  const actors = [...moment.actors].map(([id, actor]): [string, ActorMoment] => [
    id,
    { ...actor, path: new Set(actor.path) },
  ]);
  return {
    ...moment,
    actors: new Map(actors),
    files: new Map(moment.files),
    checks: new Map(moment.checks),
    atWork: new Map(moment.atWork),
  };
}
