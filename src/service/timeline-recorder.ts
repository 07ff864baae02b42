import type { AnyActor, InspectionEvent, StateValue } from 'xstate';
import { toFailure } from '../../machines/improvement-guards.js';
import type { ProgressEvent } from '../actors/progress.js';
import { transitionKey } from '../definition/transition-key.js';
import type { Notice } from '../notify/notifier.js';
import { ownIdentity } from '../process/process-identity.js';
import { boundedJson, type Json } from '../store/bounded-json.js';
import { Timeline } from '../store/timeline.js';
import type { MachineBody } from '../store/timeline-record.js';
import type { TaskFolder } from '../store/task-folder.js';
import type { Host } from './host.js';
import { statePath } from './state-path.js';

type Begins = 'new' | 'restored' | 'undo';

/** Writes down what happens to one improvement, or to the restart onto it, while this process works on it. */
export class TimelineRecorder {
  private readonly timeline: Timeline;
  private readonly now: () => number;
  /** Names of the transitions since the last state. */
  private edges: string[] = [];
  private context: Context = {};

  constructor(
    { fileSystem, logger, clock, masker }: Host,
    folder: TaskFolder,
    private readonly begins: Begins,
    /** Said of what the machine does; the improvement's own says nothing. */
    private readonly of: { machine?: 'restart' } = {},
  ) {
    this.now = () => clock.now();
    const mask = <Value>(value: Value) => masker.maskJsonValues(value);
    this.timeline = new Timeline({ fileSystem, logger, mask, file: folder.timeline, now: this.now });
  }

  /** To be called before the actor starts. */
  follow(actor: AnyActor): void {
    actor.system.inspect((event) => {
      if (event.actorRef === actor) this.observe(event);
    });
  }

  /** An actor begins its work. */
  effect(actor: string, work: Promise<unknown>): void {
    const startedAt = this.now();
    this.machine({ kind: 'effect', phase: 'start', actor });
    const ended = () =>
      ({ kind: 'effect', phase: 'end', actor, durationMs: this.now() - startedAt }) as const;
    work.then(
      () => this.machine({ ...ended(), outcome: 'done' }),
      (error: unknown) => {
        const { code, message } = toFailure(error);
        const outcome = (error as Error | null)?.name === 'AbortError' ? 'stopped' : 'failed';
        this.machine({ ...ended(), outcome, error: { code, message } });
      },
    );
  }

  progress(event: ProgressEvent): void {
    if (event.type === 'check-started')
      this.timeline.append({ kind: 'check', phase: 'start', name: event.name });
    if (event.type !== 'check-finished') return;
    const { name, status, durationMs } = event.result;
    this.timeline.append({ kind: 'check', phase: 'end', name, status, durationMs });
  }

  notice({ milestone, title, parts, urgency }: Notice): void {
    this.timeline.append({ kind: 'notice', milestone, title, message: parts.body, urgency });
  }

  /** Resolves when everything is written, or nothing can be. */
  idle(): Promise<void> {
    return this.timeline.idle();
  }

  private machine(body: MachineBody): void {
    this.timeline.append({ ...this.of, ...body });
  }

  private observe(event: InspectionEvent): void {
    if (event.type === '@xstate.microstep') this.edges.push(...event._transitions.map(transitionKey));
    if (event.type === '@xstate.event')
      this.event(event.event, event.sourceRef as { id?: string } | undefined);
    if (event.type === '@xstate.snapshot')
      this.state(event.snapshot as unknown as Standing, event.event.type);
  }

  private event({ type, ...event }: { type: string }, source: { id?: string } | undefined): void {
    if (type === 'xstate.init')
      this.machine({ kind: 'process', pid: ownIdentity().pid, begins: this.begins });
    else
      this.machine({
        kind: 'event',
        type,
        from: source?.id ?? null,
        event: boundedJson(event, eventBounds),
      });
  }

  private state({ value, context }: Standing, event: string): void {
    const changes = this.changesTo(context);
    const edges = this.edges.splice(0);
    this.machine({ kind: 'state', state: statePath(value), event, edges, changes });
  }

  /** Assignments replace values and never change them, so another value is another object. */
  private changesTo(context: Context): { [key: string]: Json } {
    const before = this.context;
    const changed = Object.entries(context).filter(([key, value]) => before[key] !== value);
    this.context = context;
    return Object.fromEntries(changed.map(([key, value]) => [key, boundedJson(value)]));
  }
}

type Context = Readonly<Record<string, unknown>>;

interface Standing {
  value: StateValue;
  context: Context;
}

/** What an actor answered is in the context that follows. */
const eventBounds = { maxCharacters: 2_048, maxItems: 50 };
