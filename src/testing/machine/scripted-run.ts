import { setImmediate as macrotask } from 'node:timers/promises';
import { createActor, fromPromise } from 'xstate';
import type {
  AnyActor,
  AnyActorLogic,
  AnyEventObject,
  AnyStateMachine,
  AnyStateNode,
  InspectionEvent,
} from 'xstate';
import { stateNodes } from '../../definition/state-nodes.js';
import { MoultError } from '../../errors/moult-error.js';
import type { ActorOutcome } from './machine-model.js';

/** What an invoked actor does when the script lets it end. */
export type ScriptedActor = (call: {
  input: unknown;
  signal: AbortSignal;
  /** How it ends on the path. */
  outcome: ActorOutcome;
}) => unknown;

export interface InFlight {
  input: unknown;
  signal: AbortSignal;
  resolve(output: unknown): void;
  reject(error: unknown): void;
}

/** A real actor of a machine whose invoked actors do just what the script says, when it says so. */
export interface ScriptedRun {
  actor: AnyActor;
  /** Every invoked actor that was started, by its id: the newest one. */
  started: ReadonlyMap<string, InFlight>;
  /** The ids of all invoked actors that were started, in order. */
  starts: readonly string[];
  /** Sends a public event, or settles the invoked actor an outcome event speaks of; then waits until all is quiet. */
  perform(event: AnyEventObject): Promise<void>;
  /** Does the work of an invoked actor as `perform` would, and keeps its end from the machine: it died in between. */
  work(event: AnyEventObject): Promise<void>;
}

export interface ScriptOptions {
  actors?: Readonly<Record<string, ScriptedActor>> | undefined;
  inspect?: ((event: InspectionEvent) => void) | undefined;
}

interface Script extends ScriptOptions {
  started: Map<string, InFlight>;
  starts: string[];
}

const scriptedMachines = new WeakMap<AnyStateMachine, AnyStateMachine>();
const scripts = new WeakMap<object, Script>();
/** Delays pass when the script says so, by the event that ends them. */
const stoppedClock = { setTimeout: () => 0, clearTimeout: () => undefined };

/**
 * Starts a machine, anew with an input or from a persisted snapshot.
 *
 * @throws MODEL_INLINE_ACTOR where the machine invokes something that has no name, so that nothing can stand in for it.
 */
export function startScriptedRun(
  machine: AnyStateMachine,
  start: { input: unknown } | { snapshot: unknown },
  { actors, inspect }: ScriptOptions = {},
): ScriptedRun {
  const actor = createActor(scriptedMachine(machine), {
    ...start,
    clock: stoppedClock,
    ...(inspect ? { inspect } : {}),
  } as never);
  const script: Script = { actors, started: new Map(), starts: [] };
  scripts.set(actor.system as object, script);
  // Without an observer XState throws a dead actor's error into the test runner; here its snapshot tells.
  actor.subscribe({ error: () => undefined });
  actor.start();
  return {
    actor,
    started: script.started,
    starts: script.starts,
    perform: (event) => perform(actor, script, event),
    work: async (event) => void (await outcomeOf(script, event)),
  };
}

/** Made once for each machine: a copy costs far more than a run. */
function scriptedMachine(machine: AnyStateMachine): AnyStateMachine {
  const known = scriptedMachines.get(machine);
  if (known) return known;
  refuseInlineActors(machine);
  const names = Object.keys(machine.implementations.actors as Record<string, unknown>);
  const actors = Object.fromEntries(names.map((name) => [name, scriptedActor()]));
  const scripted = machine.provide({ actors }) as AnyStateMachine;
  scriptedMachines.set(machine, scripted);
  return scripted;
}

function refuseInlineActors(machine: AnyStateMachine): void {
  const nodes = [machine.root as AnyStateNode, ...stateNodes(machine)];
  const provided = machine.implementations.actors as Record<string, unknown>;
  for (const { id: state, invoke } of nodes) {
    const inline = invoke.find(({ src }) => typeof src !== 'string' || !(src in provided));
    if (inline) throw new MoultError('MODEL_INLINE_ACTOR', { state, actor: inline.id });
  }
}

function scriptedActor(): AnyActorLogic {
  return fromPromise<unknown, unknown>(
    ({ input, signal, system, self }) =>
      new Promise((resolve, reject) => {
        const script = scripts.get(system);
        script?.starts.push(self.id);
        script?.started.set(self.id, { input, signal, resolve, reject });
      }),
  );
}

async function perform(actor: AnyActor, script: Script, event: AnyEventObject): Promise<void> {
  const outcome = await outcomeOf(script, event);
  if (outcome === null) actor.send(event);
  else if ('error' in outcome.end) outcome.inFlight.reject(outcome.end.error);
  else outcome.inFlight.resolve(outcome.end.output);
  await macrotask();
}

/** Null for an event that is no outcome. */
async function outcomeOf(
  script: Script,
  event: AnyEventObject,
): Promise<{ inFlight: InFlight; end: ActorOutcome } | null> {
  const [, kind, id = ''] = /^xstate\.(done|error)\.actor\.(.+)$/.exec(event.type) ?? [];
  if (kind === undefined) return null;
  const inFlight = script.started.get(id);
  if (!inFlight) throw new Error(`The script settles "${id}", which is not in flight`);
  const outcome: ActorOutcome = kind === 'done' ? { output: event['output'] } : { error: event['error'] };
  const act = script.actors?.[id];
  if (!act) return { inFlight, end: outcome };
  try {
    const { input, signal } = inFlight;
    return { inFlight, end: { output: await act({ input, signal, outcome }) } };
  } catch (error) {
    return { inFlight, end: { error } };
  }
}
