import { setImmediate as macrotask } from 'node:timers/promises';
import { createActor, fromPromise } from 'xstate';
import type { AnyActor, AnyActorLogic, AnyEventObject, AnyStateMachine, InspectionEvent } from 'xstate';

interface InFlight {
  input: unknown;
  signal: AbortSignal;
  resolve(output: unknown): void;
  reject(error: unknown): void;
}

/** A real actor of a machine whose invoked actors do just what the script says, when it says so. */
export interface ScriptedRun {
  actor: AnyActor;
  /** Every invoked actor that was started, by name: the newest one. */
  started: ReadonlyMap<string, InFlight>;
  /** Sends a public event, or settles the invoked actor an outcome event speaks of; then waits until all is quiet. */
  perform(event: AnyEventObject): Promise<void>;
}

const scriptedMachines = new WeakMap<AnyStateMachine, AnyStateMachine>();
const startedIn = new WeakMap<object, Map<string, InFlight>>();

/** Starts a machine, anew with an input or from a persisted snapshot. */
export function startScriptedRun(
  machine: AnyStateMachine,
  start: { input: unknown } | { snapshot: unknown },
  inspect?: (event: InspectionEvent) => void,
): ScriptedRun {
  const actor = createActor(scriptedMachine(machine), {
    ...start,
    ...(inspect ? { inspect } : {}),
  } as never);
  const started = new Map<string, InFlight>();
  startedIn.set(actor.system as object, started);
  // Without an observer XState throws a dead actor's error into the test runner; here its snapshot tells.
  actor.subscribe({ error: () => undefined });
  actor.start();
  return { actor, started, perform: (event) => perform(actor, started, event) };
}

/** Made once for each machine: a copy costs far more than a run. */
function scriptedMachine(machine: AnyStateMachine): AnyStateMachine {
  const known = scriptedMachines.get(machine);
  if (known) return known;
  const names = Object.keys(machine.implementations.actors as Record<string, unknown>);
  const actors = Object.fromEntries(names.map((name) => [name, scriptedActor(name)]));
  const scripted = machine.provide({ actors }) as AnyStateMachine;
  scriptedMachines.set(machine, scripted);
  return scripted;
}

function scriptedActor(name: string): AnyActorLogic {
  return fromPromise<unknown, unknown>(
    ({ input, signal, system }) =>
      new Promise((resolve, reject) => {
        startedIn.get(system)?.set(name, { input, signal, resolve, reject });
      }),
  );
}

async function perform(
  actor: AnyActor,
  started: Map<string, InFlight>,
  event: AnyEventObject,
): Promise<void> {
  if (!settle(started, event)) actor.send(event);
  await macrotask();
}

function settle(started: Map<string, InFlight>, event: AnyEventObject): boolean {
  const match = /^xstate\.(done|error)\.actor\.(.+)$/.exec(event.type);
  if (!match) return false;
  const inFlight = started.get(match[2] ?? '');
  if (!inFlight) throw new Error(`The script settles "${match[2]}", which is not in flight`);
  if (match[1] === 'done') inFlight.resolve(event['output']);
  else inFlight.reject(event['error']);
  return true;
}
