import type { AnyMachineSnapshot, AnyStateMachine, StateValue } from 'xstate';
import { describe, expect, it } from 'vitest';
import { restartMachine, type RestartContext } from '../../machines/index.js';
import { machineTransitions } from '../../src/definition/machine-transitions.js';
import { stateNodes } from '../../src/definition/state-nodes.js';
import { machineSteps } from '../support/machine-steps.js';
import { restartModel } from '../support/restart-model.js';
import { machineCoverage } from '../../src/testing/machine/machine-coverage.js';
import { statePath } from '../../src/service/state-path.js';
import { startScriptedRun, type ScriptedRun } from '../../src/testing/machine/scripted-run.js';

const machine: AnyStateMachine = restartMachine;
const { inputs, events, publicEvents, decisive } = restartModel;

const cases = inputs.map((input) => ({ input, paths: machineSteps(machine, { input, events, decisive }) }));
const all = cases.flatMap(({ paths }) => paths);
const states = all.flatMap((path) => path.states);

const contextOf = ({ context }: AnyMachineSnapshot) => context as RestartContext;
const snapshotOf = (run: ScriptedRun) => run.actor.getSnapshot() as AnyMachineSnapshot;
const nameOf = ({ value }: AnyMachineSnapshot) => statePath(value as StateValue);
const visible = (snapshot: AnyMachineSnapshot): unknown[] => [
  nameOf(snapshot),
  snapshot.context,
  snapshot.status,
];

describe('the model of the restart machine', () => {
  it('has an event for every event type that the definition names', () => {
    const named = new Set(machineTransitions(machine).map(({ eventType }) => eventType as string));
    named.delete('');
    expect([...named].sort()).toEqual([...new Set(events.map(({ type }) => type))].sort());
  });

  it('finds every actor by the name under which it is provided', () => {
    const invokes = stateNodes(machine).flatMap((node) => node.invoke);
    expect(invokes.map(({ id }) => id)).toEqual(invokes.map(({ src }) => src));
    const names = Object.keys(machine.implementations.actors as Record<string, unknown>);
    expect([...new Set(invokes.map(({ id }) => id))].sort()).toEqual(names.sort());
  });
});

describe('a real actor', () => {
  it('goes every path of the model, and covers every state, transition and answer of a guard', async () => {
    const coverage = machineCoverage(machine);
    for (const { input, paths } of cases) {
      for (const path of paths) {
        const run = startScriptedRun(machine, { input }, { inspect: coverage.inspect });
        for (const [index, event] of path.events.entries()) {
          expect(visible(snapshotOf(run))).toEqual(visible(path.states[index]!));
          await run.perform(event);
        }
        expect(visible(snapshotOf(run))).toEqual(visible(path.states.at(-1)!));
      }
      for (const state of paths.flatMap((path) => path.states))
        for (const event of events) if (!state.can(event)) coverage.noteRefusal(state, event);
    }
    expect(coverage.missing()).toEqual([]);
  });

  it('goes on from every state, through JSON, to the same end', async () => {
    for (const { input, paths } of cases) {
      for (const path of paths) {
        let run = startScriptedRun(machine, { input });
        for (const event of path.events) {
          run = throughJson(run);
          await run.perform(event);
        }
        expect(visible(snapshotOf(throughJson(run)))).toEqual(visible(path.states.at(-1)!));
      }
    }
  });
});

describe('a start', () => {
  it('is counted before it is begun, and never more often than allowed', () => {
    for (const state of states) {
      const { attempts, oldAttempts, settings } = contextOf(state);
      if (/^(starting|confirming)/.test(nameOf(state))) expect(attempts).toBeGreaterThan(0);
      if (/^reverting\.(starting|confirming)/.test(nameOf(state))) expect(oldAttempts).toBeGreaterThan(0);
      expect(attempts).toBeLessThanOrEqual(settings.attemptsMax);
      expect(oldAttempts).toBeLessThanOrEqual(settings.attemptsMax);
    }
  });

  it('that is interrupted counts as one that failed, so that nothing is tried for ever', () => {
    const open = states.filter((state) => /starting|confirming/.test(nameOf(state)));
    expect(open.length).toBeGreaterThan(0);
    for (const state of open) {
      const { failedStarts } = contextOf(state);
      const run = startScriptedRun(machine, { snapshot: persisted(state) });
      run.actor.send({ type: 'INTERRUPTED' });
      expect(contextOf(snapshotOf(run)).failedStarts).toHaveLength(failedStarts.length + 1);
      run.actor.stop();
    }
  });
});

describe('the ends', () => {
  it('are confirmed only after a version stayed well, or after somebody said so', () => {
    for (const path of all.filter(({ states }) => nameOf(states.at(-1)!) === 'confirmed')) {
      const types = path.events.map(({ type }) => type);
      expect(types.some((type) => ['CONFIRMED', 'xstate.done.actor.watchHealth'].includes(type))).toBe(true);
    }
  });

  it('are reverted only after the change was taken back and the old version stayed well', () => {
    const reverted = all.filter(({ states }) => nameOf(states.at(-1)!) === 'reverted');
    expect(reverted.length).toBeGreaterThan(0);
    for (const { events: sent } of reverted) {
      const types = sent.map(({ type }) => type);
      expect(types).toContain('xstate.done.actor.takeBackChange');
      expect(types.at(-1)).toBe('xstate.done.actor.watchHealth');
    }
  });

  it('say why', () => {
    const ended = states.filter((state) => ['reverted', 'safe_mode'].includes(nameOf(state)));
    for (const { cause, failure, failedStarts } of ended.map(contextOf))
      expect(cause !== null || failure !== null || failedStarts.length > 0).toBe(true);
  });

  it('are safe mode, and not another round, once nothing more is to be tried', () => {
    const ends = new Set(all.map(({ states }) => nameOf(states.at(-1)!)));
    expect([...ends].sort()).toEqual(
      expect.arrayContaining(['cancelled', 'confirmed', 'reverted', 'safe_mode']),
    );
  });

  it('take no event any more', () => {
    for (const state of states.filter(({ status }) => status === 'done'))
      expect(publicEvents.filter((event) => state.can(event))).toEqual([]);
  });
});

function throughJson(run: ScriptedRun): ScriptedRun {
  const snapshot = JSON.parse(JSON.stringify(run.actor.getPersistedSnapshot())) as unknown;
  run.actor.stop();
  return startScriptedRun(machine, { snapshot });
}

/** As the guard reads it back from the disk: without actors in flight. */
function persisted({ value, context }: AnyMachineSnapshot): unknown {
  return { ...machine.resolveState({ value: value as StateValue, context: context as never }), children: {} };
}
