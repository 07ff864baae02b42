import type { AnyEventObject, AnyMachineSnapshot, AnyStateMachine, StateValue } from 'xstate';
import { expectSame } from './expect-same.js';
import type { MachineCoverage } from './machine-coverage.js';
import type { ResolvedModel } from './machine-model.js';
import { startScriptedRun, type ScriptedActor, type ScriptedRun } from './scripted-run.js';

export interface ReplayOptions {
  /**
   * What invoked actors do instead of only ending as the path says, by the id of the invoke: they may do real work.
   * Each must end in the way of the path, done or error, or the machine goes elsewhere and the replay fails.
   */
  actors?: Readonly<Record<string, ScriptedActor>>;
  /** Notes what the replay went through. */
  coverage?: MachineCoverage;
}

/** One way through a machine: after `events[i]` it stands in `states[i + 1]`; `states[0]` is where it starts. */
export class MachinePath {
  /** The way in words, as `planning.ready -(EXECUTE)-> implementing.backing_up -(backUp done)-> …`. */
  readonly description: string;

  constructor(
    readonly machine: AnyStateMachine,
    readonly model: ResolvedModel,
    readonly events: readonly AnyEventObject[],
    readonly states: readonly AnyMachineSnapshot[],
  ) {
    const steps = events.map((event, index) => ` -(${eventName(event)})-> ${stateName(states[index + 1]!)}`);
    this.description = `${stateName(states[0]!)}${steps.join('')}`;
  }

  /** Where the path ends. */
  get end(): AnyMachineSnapshot {
    return this.states.at(-1)!;
  }

  /**
   * Drives a real actor of the machine along the path.
   *
   * @returns the run, which stands at the end of the path.
   * @throws AssertionError where the actor comes to another state than the path.
   */
  async replay({ actors, coverage }: ReplayOptions = {}): Promise<ScriptedRun> {
    const start = { input: this.model.input };
    const run = startScriptedRun(this.machine, start, { actors, inspect: coverage?.inspect });
    this.expectAt(run, 0, actors !== undefined);
    for (const [index, event] of this.events.entries()) {
      await run.perform(event);
      this.expectAt(run, index + 1, actors !== undefined);
    }
    if (coverage) this.noteRefusals(coverage);
    return run;
  }

  /** @throws AssertionError where a run does not stand where the path does after its first `index` events. */
  expectAt(run: ScriptedRun, index: number, onlyState: boolean): void {
    const expected = this.states[index]!;
    const actual = run.actor.getSnapshot() as AnyMachineSnapshot;
    const where = index === 0 ? 'at the start' : `after ${eventName(this.events[index - 1]!)}`;
    expectSame(
      visible(actual, onlyState),
      visible(expected, onlyState),
      `${where} of the path ${this.description}`,
    );
  }

  private noteRefusals(coverage: MachineCoverage): void {
    for (const state of this.states.filter(({ status }) => status === 'active')) {
      const invoked = state._nodes.flatMap((node) => node.invoke.map(({ id }) => id));
      const offered = [...this.model.publicEvents, ...invoked.flatMap((id) => this.model.outcomesIn(id))];
      for (const event of offered) if (!state.can(event)) coverage.noteRefusal(state, event);
    }
  }
}

function stateName(state: AnyMachineSnapshot): string {
  return valueName(state.value as StateValue);
}

function valueName(value: StateValue): string {
  if (typeof value === 'string') return value;
  return Object.entries(value)
    .map(([parent, child]) => (child === undefined ? parent : `${parent}.${valueName(child)}`))
    .join(' + ');
}

function eventName({ type }: AnyEventObject): string {
  const [, end, actor] = /^xstate\.(done|error)\.actor\.(.+)$/.exec(type) ?? [];
  if (actor !== undefined) return `${actor} ${end === 'done' ? 'done' : 'failed'}`;
  const [, delay] = /^xstate\.after\.([^.]+)\./.exec(type) ?? [];
  return delay === undefined ? type : `${delay} passed`;
}

function visible({ value, status, context }: AnyMachineSnapshot, onlyState: boolean): unknown {
  const place = { value: value as StateValue, status };
  return onlyState ? place : { ...place, context: context as unknown };
}
