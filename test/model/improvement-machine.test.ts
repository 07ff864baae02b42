import { createActor, createMachine } from 'xstate';
import type { AnyActorLogic, AnyEventObject, AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { describe, expect, it } from 'vitest';
import { improvementMachine } from '../../machines/index.js';
import type { CheckResult, ImprovementContext } from '../../machines/index.js';
import { machineTransitions } from '../../src/definition/machine-transitions.js';
import { stateNodes } from '../../src/definition/state-nodes.js';
import { assertFullCoverage } from '../../src/testing/machine/assert-full-coverage.js';
import { improvementModel } from '../../src/testing/machine/improvement-model.js';
import { machineCoverage } from '../../src/testing/machine/machine-coverage.js';
import { resolveModel } from '../../src/testing/machine/machine-model.js';
import type { MachinePath } from '../../src/testing/machine/machine-path.js';
import { machinePaths } from '../../src/testing/machine/machine-paths.js';
import { startScriptedRun, type ScriptedRun } from '../../src/testing/machine/scripted-run.js';
import { serializeEvent } from '../../src/testing/machine/serialize-event.js';

const machine: AnyStateMachine = improvementMachine;
const { inputs, outcomes, decisive, check, events: publicEvents } = improvementModel;
const model = { events: publicEvents, outcomes, decisive };
const { events } = resolveModel(machine, model);

const cases = inputs.map((input) => ({
  name: nameOf(input),
  input,
  paths: machinePaths(machine, { input, ...model }),
}));

const actorNames = Object.keys(machine.implementations.actors as Record<string, unknown>);
const snapshotOf = (run: ScriptedRun) => run.actor.getSnapshot() as AnyMachineSnapshot;
const throughJson = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

/** What a person or a program can see of a snapshot. */
const visible = (snapshot: AnyMachineSnapshot) => ({
  value: snapshot.value as unknown,
  context: snapshot.context as unknown,
  status: snapshot.status,
});

/** The names of the actors that run now, by what the definition invokes in the active states. */
const invokedIn = (snapshot: AnyMachineSnapshot) =>
  snapshot._nodes.flatMap((node) => node.invoke.map((invoke) => invoke.id));

describe('the model of the improvement machine', () => {
  it('has an event for every event type that the definition names', () => {
    const named = new Set(machineTransitions(machine).map(({ eventType }) => eventType as string));
    named.delete('');
    expect([...named].sort()).toEqual([...new Set(events.map(({ type }) => type))].sort());
  });

  it('finds every actor by the name under which it is provided', () => {
    const invokes = stateNodes(machine).flatMap((node) => node.invoke);
    expect(invokes.map(({ id }) => id)).toEqual(invokes.map(({ src }) => src));
    expect(invokes.map(({ id }) => id).sort()).toEqual([...actorNames].sort());
  });
});

describe('a real actor', () => {
  it.each(cases)('goes every path of the model, state by state: $name', async ({ paths }) => {
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) await path.replay();
  });

  it('covers every state, every transition and both answers of every guard', async () => {
    const coverage = machineCoverage(machine);
    for (const path of cases.flatMap(({ paths }) => paths)) await path.replay({ coverage });
    assertFullCoverage(coverage);
  });

  it.each(cases)('stays just as it is on an event that its state does not take: $name', async (one) => {
    const seen = new Set<string>();
    for (const path of one.paths) {
      const run = startScriptedRun(machine, { input: one.input });
      for (const [index, event] of [...path.events, null].entries()) {
        if (isNew(seen, path.states[index]!)) await expectNoEffect(run, refusedIn(path.states[index]!));
        if (event) await run.perform(event);
      }
      expectState(run, path.states.at(-1)!);
    }
  });
});

describe('a snapshot that went through JSON', () => {
  it.each(cases)(
    'goes on from every state of every path to the same end: $name',
    async ({ input, paths }) => {
      for (const path of paths) {
        let run = startScriptedRun(machine, { input });
        for (const [index, event] of path.events.entries()) {
          run = restore(machine, run);
          expectState(run, path.states[index]!);
          await run.perform(event);
        }
        expectState(restore(machine, run), path.states.at(-1)!);
      }
    },
  );

  it('holds a context that is JSON and nothing else', () => {
    for (const snapshot of cases.flatMap(({ paths }) => paths.flatMap(({ states }) => states))) {
      expect(throughJson(snapshot.context)).toEqual(snapshot.context);
    }
  });

  it('runs the actor that was in flight again, with the input it had, and no other', async () => {
    const seen = new Set<string>();
    for (const { input, paths } of cases) {
      for (const path of paths) await expectInFlightAgain(path, input, seen);
    }
    const states = stateNodes(machine).filter((node) => node.invoke.length > 0);
    expect([...seen].sort()).toEqual(
      [...new Set(states.flatMap((n) => n.invoke.map(({ id }) => id)))].sort(),
    );
  });

  it('does not run the entry actions of its states again', async () => {
    const entered: string[] = [];
    const noisy = withEntryNotes(machine, (state) => entered.push(state));
    const seen = new Set<string>();
    for (const { input, paths } of cases) {
      for (const path of paths) {
        const run = startScriptedRun(noisy, { input });
        for (const [index, event] of [...path.events, null].entries()) {
          if (isNew(seen, path.states[index]!)) expectQuietRestore(noisy, run, entered);
          if (event) await run.perform(event);
        }
      }
    }
  });
});

describe('the actors that nobody provided', () => {
  it.each(actorNames)('%s fails and says so', async (name) => {
    const logic = (machine.implementations.actors as Record<string, AnyActorLogic>)[name]!;
    const actor = createActor(logic, { input: { taskId: 'si-1' } });
    const failed = new Promise((resolve) => actor.subscribe({ error: resolve }));
    actor.start();
    await expect(failed).resolves.toMatchObject({ message: `Actor "${name}" was not provided` });
  });
});

const untouched = (cause: string | null) => ({ end: 'cancelled', cause });
const takenBack = (cause: string) => ({ end: 'rolling_back', cause });
const refusal = null;

/** What the two ways to stop do in each state that is not an end; null: nothing. */
const stops: Record<
  string,
  Record<'CANCEL' | 'INTERRUPTED', { end: string; cause: string | null } | null>
> = {
  'planning.assessing': { CANCEL: untouched('cancelled'), INTERRUPTED: untouched('interrupted') },
  'planning.awaiting_approval': { CANCEL: untouched('cancelled'), INTERRUPTED: refusal },
  'planning.ready': { CANCEL: untouched('cancelled'), INTERRUPTED: refusal },
  'implementing.backing_up': { CANCEL: takenBack('cancelled'), INTERRUPTED: takenBack('interrupted') },
  'implementing.checkpointing': { CANCEL: takenBack('cancelled'), INTERRUPTED: takenBack('interrupted') },
  'implementing.applying': { CANCEL: takenBack('cancelled'), INTERRUPTED: takenBack('interrupted') },
  'testing.running_checks': { CANCEL: takenBack('cancelled'), INTERRUPTED: takenBack('interrupted') },
  'testing.sealing': { CANCEL: refusal, INTERRUPTED: takenBack('interrupted') },
  'testing.scheduling_restart': { CANCEL: refusal, INTERRUPTED: refusal },
  awaiting_confirmation: { CANCEL: takenBack('cancelled'), INTERRUPTED: refusal },
  rolling_back: { CANCEL: refusal, INTERRUPTED: refusal },
  rollback_failed: { CANCEL: refusal, INTERRUPTED: refusal },
};

const stopCases = Object.entries(stops).flatMap(([state, row]) =>
  (['CANCEL', 'INTERRUPTED'] as const).map((type) => ({ state, type, expected: row[type] })),
);

describe('stopping', () => {
  it('is decided for every state that is not an end', () => {
    const states = cases.flatMap(({ paths }) => paths.flatMap((path) => path.states));
    const open = states.filter(({ status }) => status === 'active');
    expect([...new Set(open.map(stateName))].sort()).toEqual(Object.keys(stops).sort());
  });

  it.each(stopCases)('$type in $state', async ({ state, type, expected }) => {
    const run = await runTo(state);
    const before = visible(snapshotOf(run));
    await run.perform({ type });
    const after = snapshotOf(run);
    if (expected === null) expect(visible(after)).toEqual(before);
    else expect([stateName(after), contextOf(after).cause]).toEqual([expected.end, expected.cause]);
  });

  it('aborts the actor that was in flight, so that it can leave off', async () => {
    const run = await runTo('implementing.applying');
    const { signal } = run.started.get('applyChanges')!;
    expect(signal.aborted).toBe(false);
    await run.perform({ type: 'CANCEL' });
    expect(signal.aborted).toBe(true);
  });
});

/** Where each outcome leads, and why a rollback begins. */
const turns: [outcome: string, code: string | CheckResult[], end: string, cause: string | null][] = [
  ['error.actor.assessPlan', 'STATE_NOT_SAVED', 'cancelled', 'refused'],
  ['error.actor.backUp', 'PLAN_STALE', 'cancelled', 'refused'],
  ['error.actor.backUp', 'STATE_NOT_SAVED', 'rolling_back', 'apply_failed'],
  ['error.actor.createCheckpoint', 'GIT_FAILED', 'rolling_back', 'apply_failed'],
  ['error.actor.applyChanges', 'EDIT_CONFLICT', 'rolling_back', 'conflict'],
  ['error.actor.applyChanges', 'APPLY_FAILED', 'rolling_back', 'apply_failed'],
  ['done.actor.runChecks', [check('passed')], 'testing.sealing', null],
  ['done.actor.runChecks', [check('passed'), check('failed', false)], 'testing.sealing', null],
  ['done.actor.runChecks', [check('passed'), check('failed')], 'rolling_back', 'checks_failed'],
  ['done.actor.runChecks', [check('timed_out')], 'rolling_back', 'checks_failed'],
  ['done.actor.runChecks', [check('not_run')], 'rolling_back', 'checks_failed'],
  ['done.actor.runChecks', [check('passed', false)], 'rolling_back', 'checks_failed'],
  ['done.actor.runChecks', [], 'rolling_back', 'checks_failed'],
  ['error.actor.runChecks', 'UNEXPECTED', 'rolling_back', 'checks_failed'],
  ['error.actor.sealChanges', 'EDIT_CONFLICT', 'rolling_back', 'conflict'],
  ['error.actor.sealChanges', 'STATE_NOT_SAVED', 'rolling_back', 'apply_failed'],
];

describe('an outcome', () => {
  it.each(turns)('%s %j leads to %s', async (outcome, answer, end, cause) => {
    const type = `xstate.${outcome}`;
    const run = await runTo((state) => invokedIn(state).some((name) => type.endsWith(`.${name}`)));
    await run.perform(
      typeof answer === 'string'
        ? { type, error: Object.assign(new Error(answer), { code: answer }) }
        : { type, output: answer },
    );
    expect([stateName(snapshotOf(run)), contextOf(snapshotOf(run)).cause]).toEqual([end, cause]);
  });
});

describe('the ends', () => {
  const failing = events.filter(({ type }) => type.startsWith('xstate.error.actor.'));

  it.each(failing)('keep what $type said', async (event) => {
    const name = event.type.replace('xstate.error.actor.', '');
    const run = await runTo((state) => invokedIn(state).includes(name));
    await run.perform(event);
    const error = event['error'] as Partial<{ code: string; message: string; remedy: string }> | string;
    const { failure, restartFailure, rollbackFailure } = contextOf(snapshotOf(run));
    const noted = { scheduleRestart: restartFailure, rollBack: rollbackFailure }[name] ?? failure;
    expect(noted).toEqual(
      typeof error === 'string'
        ? { code: 'UNEXPECTED', message: error }
        : {
            code: error.code ?? 'UNEXPECTED',
            message: error.message,
            ...(error.remedy === undefined ? {} : { remedy: error.remedy, details: undefined }),
          },
    );
  });

  it('are never completed where a required check did not pass, or none ran', () => {
    const ended = cases.flatMap(({ paths }) => paths.flatMap(({ states }) => states));
    const completed = ended.filter((state) => stateName(state) === 'completed').map(contextOf);
    expect(completed.length).toBeGreaterThan(0);
    for (const { checks } of completed) {
      const required = checks.filter((check) => check.required);
      expect(required.map(({ status }) => status)).toEqual(required.map(() => 'passed'));
      expect(required).not.toEqual([]);
    }
  });

  it('are never rolled_back, and never cancelled after a rollback, while a path is not back', () => {
    const ended = cases.flatMap(({ paths }) => paths.flatMap(({ states }) => states));
    const back = ended.filter((state) => ['rolled_back', 'cancelled'].includes(stateName(state)));
    expect(back.length).toBeGreaterThan(0);
    for (const { rollback } of back.map(contextOf)) expect(rollback?.failed ?? []).toEqual([]);
  });

  it('are reached without executing only by cancel, rejection, interruption or a failed assessment', () => {
    for (const { paths } of cases) {
      for (const { events: sent, states } of paths) {
        const applied = states.some((state) => stateName(state) === 'implementing.applying');
        if (applied) expect(sent.map(({ type }) => type)).toContain('EXECUTE');
      }
    }
  });

  it('wait for the approval of this very plan where one is required', () => {
    for (const { input, paths } of cases.filter((one) => one.input.approvalRequired && !one.input.undo)) {
      for (const { states } of paths) {
        const implementing = states.find((state) => stateName(state).startsWith('implementing'));
        if (implementing) expect(contextOf(implementing).approval, nameOf(input)).not.toBeNull();
      }
    }
  });
});

function nameOf(input: (typeof inputs)[number]): string {
  if (input.undo) return 'undo of a completed improvement';
  const required = {
    approval: input.approvalRequired,
    restart: input.needsRestart,
    confirmation: input.confirmationRequired,
  };
  const names = Object.entries(required).filter(([, isRequired]) => isRequired);
  return `needs ${names.map(([name]) => name).join(', ') || 'nothing'}`;
}

function stateName({ value }: AnyMachineSnapshot): string {
  const named = value as string | Record<string, string>;
  return typeof named === 'string' ? named : Object.entries(named)[0]!.join('.');
}

function contextOf(snapshot: AnyMachineSnapshot): ImprovementContext {
  return snapshot.context as ImprovementContext;
}

/** True the first time this state with this context is met. */
function isNew(seen: Set<string>, { value, context }: AnyMachineSnapshot): boolean {
  return seen.size < seen.add(JSON.stringify([value, context])).size;
}

function expectState(run: ScriptedRun, expected: AnyMachineSnapshot): void {
  expect(visible(snapshotOf(run))).toEqual(visible(expected));
}

/** In a final state the actor is stopped, and every event goes nowhere. */
const refusedIn = (state: AnyMachineSnapshot) =>
  state.status === 'active' ? publicEvents.filter((event) => !state.can(event)) : [];

async function expectNoEffect(run: ScriptedRun, ignored: AnyEventObject[]): Promise<void> {
  const before = snapshotOf(run);
  for (const event of ignored) {
    await run.perform(event);
    expect(visible(snapshotOf(run)), serializeEvent(event)).toEqual(visible(before));
  }
}

/** A second run from what a new process would read of the first. */
function restore(from: AnyStateMachine, run: ScriptedRun): ScriptedRun {
  return startScriptedRun(from, { snapshot: throughJson(run.actor.getPersistedSnapshot()) });
}

async function expectInFlightAgain(path: MachinePath, input: unknown, seen: Set<string>): Promise<void> {
  const run = startScriptedRun(machine, { input });
  for (const [index, event] of [...path.events, null].entries()) {
    const names = invokedIn(path.states[index]!);
    if (names.some((name) => !seen.has(name))) {
      const restored = restore(machine, run);
      expect([...restored.started.keys()]).toEqual(names);
      for (const name of names) {
        expect(restored.started.get(name)!.input).toEqual({ taskId: 'si-1' });
        expect(restored.started.get(name)!.input).toEqual(run.started.get(name)!.input);
        seen.add(name);
      }
    }
    if (event) await run.perform(event);
  }
}

function expectQuietRestore(noisy: AnyStateMachine, run: ScriptedRun, entered: string[]): void {
  // Had the run itself not been heard, silence would prove nothing.
  expect(entered).not.toEqual([]);
  const before = entered.length;
  restore(noisy, run);
  expect(entered.slice(before)).toEqual([]);
}

type StateConfig = { states?: Record<string, StateConfig>; [key: string]: unknown };

/** The same machine, with an entry action in every state that tells the state's name. */
function withEntryNotes(original: AnyStateMachine, note: (state: string) => void): AnyStateMachine {
  const noted = (config: StateConfig, path: string): StateConfig => ({
    ...config,
    entry: () => note(path),
    ...(config.states && {
      states: mapValues(config.states, (child, key) => noted(child, `${path}.${key}`)),
    }),
  });
  return createMachine(
    noted(original.config as StateConfig, original.id) as never,
    original.implementations as never,
  );
}

function mapValues<In, Out>(
  record: Record<string, In>,
  map: (value: In, key: string) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

/** A run that was brought, on a shortest way, into a state. */
async function runTo(wanted: string | ((state: AnyMachineSnapshot) => boolean)): Promise<ScriptedRun> {
  const fits = typeof wanted === 'string' ? (s: AnyMachineSnapshot) => stateName(s) === wanted : wanted;
  const ways = cases.flatMap(({ input, paths }) =>
    paths.map(({ events: sent, states }) => ({ input, sent, length: states.findIndex(fits) })),
  );
  const [way] = ways.filter(({ length }) => length >= 0).sort((one, other) => one.length - other.length);
  if (!way) throw new Error(`No path leads to ${typeof wanted === 'string' ? wanted : 'such a state'}`);
  const run = startScriptedRun(machine, { input: way.input });
  for (const event of way.sent.slice(0, way.length)) await run.perform(event);
  return run;
}
