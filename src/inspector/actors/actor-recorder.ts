import type {
  ActorRefLike,
  AnyActorRef,
  AnyMachineSnapshot,
  AnyStateMachine,
  InspectionEvent,
  Snapshot,
  StateValue,
} from 'xstate';
import { transitionKey } from '../../definition/transition-key.js';
import { stateWords } from '../../definition/state-words.js';
import { boundedJson } from '../../store/bounded-json.js';
import type { ChartCache } from '../chart/chart-cache.js';
import type { ActorInfo } from '../protocol/live.js';
import type { Json } from '../protocol/session.js';
import type { TimelineEntry } from '../protocol/timeline.js';

/** So many are kept; the oldest go first. */
const maxEntries = 20_000;
/** Actors that have ended are kept as well, so many of them. */
const maxActors = 1_000;

interface Recorded {
  ref: AnyActorRef;
  parent: string | null;
  name: string;
  /** Null where it is not a state machine. */
  chart: string | null;
  edges: string[];
  context: unknown;
  startedAt: number;
}

/** Keeps what happens to an actor of the user and to the actors below it, from now on. */
export class ActorRecorder {
  private readonly actors = new Map<string, Recorded>();
  private readonly entries: TimelineEntry[] = [];
  /** How many were dropped at the beginning. */
  private dropped = 0;
  private readonly listeners = new Set<() => void>();
  private readonly subscription: { unsubscribe(): void };

  constructor(
    root: AnyActorRef,
    private readonly charts: ChartCache,
    private readonly now: () => number = Date.now,
  ) {
    this.add(root);
    this.subscription = root.system.inspect((event: InspectionEvent) => this.take(event));
  }

  /** Calls back whenever there is something new; the returned function ends that. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  end(): void {
    this.subscription.unsubscribe();
  }

  /** What came after a place, and the place behind it. */
  after(cursor: number): { entries: TimelineEntry[]; cursor: number } {
    const entries = this.entries.slice(Math.max(0, cursor - this.dropped));
    return { entries, cursor: this.dropped + this.entries.length };
  }

  actor(id: string): AnyActorRef | undefined {
    return this.actors.get(id)?.ref;
  }

  infos(): ActorInfo[] {
    return [...this.actors].map(([id, recorded]) => toInfo(id, recorded));
  }

  /** XState calls this in the middle of a step: what it throws would end the user's actor. */
  private take(event: InspectionEvent): void {
    try {
      this.record(event);
    } catch (error) {
      this.push({ kind: 'event', type: 'not recorded', actor: '', from: null, event: String(error) });
    }
    for (const listener of this.listeners) listener();
  }

  private record(event: InspectionEvent): void {
    const ref = event.actorRef as AnyActorRef;
    const recorded = this.actors.get(ref.sessionId) ?? this.add(ref);
    if (event.type === '@xstate.microstep') recorded.edges.push(...event._transitions.map(transitionKey));
    if (event.type === '@xstate.event') this.recordEvent(ref, event.event, event.sourceRef);
    if (event.type === '@xstate.snapshot')
      this.recordSnapshot(ref, recorded, event.snapshot, event.event.type);
  }

  private add(ref: AnyActorRef): Recorded {
    const machine = machineOf(ref);
    const parent = (ref as { _parent?: AnyActorRef })._parent?.sessionId ?? null;
    const recorded: Recorded = {
      ref,
      parent: parent !== null && this.actors.has(parent) ? parent : null,
      name: machine?.id ?? (typeof ref.src === 'string' ? ref.src : ref.id),
      chart: machine ? this.charts.add(machine) : null,
      edges: [],
      context: undefined,
      startedAt: this.now(),
    };
    this.actors.set(ref.sessionId, recorded);
    this.forgetEnded();
    if (recorded.parent !== null)
      this.push({ kind: 'effect', phase: 'start', actor: ref.sessionId, of: recorded.parent });
    for (const child of Object.values(childrenOf(ref)))
      if (!this.actors.has(child.sessionId)) this.add(child);
    return recorded;
  }

  private forgetEnded(): void {
    if (this.actors.size <= maxActors) return;
    for (const [id, { ref }] of this.actors) {
      if (statusOf(ref) === 'active') continue;
      this.actors.delete(id);
      return;
    }
  }

  private recordEvent(
    ref: AnyActorRef,
    { type, ...event }: { type: string },
    source: ActorRefLike | undefined,
  ): void {
    const from = source?.sessionId ?? null;
    this.push({
      kind: 'event',
      type,
      actor: ref.sessionId,
      from,
      event: boundedJson(event, { maxCharacters: 8_192 }),
    });
  }

  private recordSnapshot(
    ref: AnyActorRef,
    recorded: Recorded,
    snapshot: Snapshot<unknown>,
    event: string,
  ): void {
    const actor = ref.sessionId;
    if (recorded.chart !== null)
      this.push({ ...this.stateOf(recorded, snapshot as AnyMachineSnapshot), actor, event });
    if (snapshot.status === 'active' || recorded.parent === null) return;
    const outcome = snapshot.status === 'done' ? 'done' : snapshot.status === 'error' ? 'failed' : 'stopped';
    const durationMs = this.now() - recorded.startedAt;
    this.push({ kind: 'effect', phase: 'end', actor, of: recorded.parent, outcome, durationMs });
  }

  private stateOf(recorded: Recorded, snapshot: AnyMachineSnapshot) {
    const before = recordOf(recorded.context);
    const after = recordOf(snapshot.context);
    recorded.context = snapshot.context;
    const changes = Object.entries(after).filter(
      ([key, value]) => !Object.hasOwn(before, key) || before[key] !== value,
    );
    return {
      kind: 'state',
      chart: recorded.chart!,
      state: stateWords(snapshot.value as StateValue),
      active: activeNodes(snapshot),
      edges: recorded.edges.splice(0),
      changes: Object.fromEntries(changes.map(([key, value]): [string, Json] => [key, boundedJson(value)])),
      removed: Object.keys(before).filter((key) => !Object.hasOwn(after, key)),
    } as const;
  }

  private push(entry: EntryBody): void {
    const key = `a${this.dropped + this.entries.length}`;
    this.entries.push({ key, at: new Date(this.now()).toISOString(), ...entry });
    if (this.entries.length <= maxEntries) return;
    this.entries.shift();
    this.dropped += 1;
  }
}

type EntryBody = TimelineEntry extends infer Entry
  ? Entry extends TimelineEntry
    ? Omit<Entry, 'key' | 'at'>
    : never
  : never;

function toInfo(id: string, { ref, parent, name, chart }: Recorded): ActorInfo {
  const snapshot = ref.getSnapshot() as AnyMachineSnapshot;
  const isMachine = chart !== null;
  return {
    ...{ id, parent, name, chart },
    status: statusOf(ref),
    state: isMachine ? stateWords(snapshot.value as StateValue) : null,
    active: isMachine ? activeNodes(snapshot) : [],
    context: isMachine ? boundedJson(snapshot.context, { maxCharacters: 256 * 1024 }) : null,
    events: isMachine ? eventsOf(snapshot) : [],
  };
}

function eventsOf(snapshot: AnyMachineSnapshot): ActorInfo['events'] {
  const types = (snapshot.machine.events as string[]).filter(
    (type) => !type.startsWith('xstate.') && type !== '*',
  );
  return types
    .sort()
    .map((type) => ({ type, canBeTaken: snapshot.status === 'active' && canTake(snapshot, type) }));
}

/** A guard may need more of the event than its type; it decides when the event comes. */
function canTake(snapshot: AnyMachineSnapshot, type: string): boolean {
  try {
    return snapshot.can({ type });
  } catch {
    return true;
  }
}

function statusOf(ref: AnyActorRef): ActorInfo['status'] {
  return (ref.getSnapshot() as Snapshot<unknown>).status;
}

function activeNodes(snapshot: AnyMachineSnapshot): string[] {
  return (snapshot as unknown as { _nodes: { id: string }[] })._nodes.map(({ id }) => id);
}

function machineOf(ref: AnyActorRef): AnyStateMachine | null {
  const { logic } = ref as { logic?: unknown };
  return typeof logic === 'object' && logic !== null && 'root' in logic && 'config' in logic
    ? (logic as AnyStateMachine)
    : null;
}

function childrenOf(ref: AnyActorRef): Record<string, AnyActorRef> {
  const { children = {} } = (ref.getSnapshot() ?? {}) as {
    children?: Record<string, AnyActorRef | undefined>;
  };
  return Object.fromEntries(Object.entries(children).flatMap(([id, child]) => (child ? [[id, child]] : [])));
}

function recordOf(context: unknown): Record<string, unknown> {
  return typeof context === 'object' && context !== null ? (context as Record<string, unknown>) : {};
}
