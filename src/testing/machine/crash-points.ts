import type { AnyActorRef, AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { expectSame } from './expect-same.js';
import { machinePaths, type MachinePathsOptions } from './machine-paths.js';
import type { MachinePath } from './machine-path.js';
import { startScriptedRun, type ScriptedActor, type ScriptedRun } from './scripted-run.js';

/** Something that invoked actors act on, so that it can be seen what they did, and what they did twice. */
export interface World {
  /** By the id of the invoke. Those that are missing only end as the path says. */
  actors: Readonly<Record<string, ScriptedActor>>;
  /** All that counts of it, comparable by value. */
  state(): unknown;
}

export interface CrashPointsOptions extends MachinePathsOptions {
  /** Makes a new world for a run. Default: one in which nothing happens. */
  world?: () => World;
}

/** One moment at which the process dies. */
export interface CrashPoint {
  readonly description: string;
  readonly path: MachinePath;
  /** How many events of the path the machine had taken. */
  readonly after: number;
  /** The actor in flight had done its work, and nobody had heard of it. */
  readonly afterWork: boolean;
  /**
   * Runs to the moment, drops the process, restores another from what was persisted, as JSON, and goes on.
   *
   * @throws AssertionError where the second process does not come to the same end by the same states, starts an actor
   * that had ended, or leaves the world otherwise than a run that nothing disturbed.
   */
  readonly run: () => Promise<void>;
}

/**
 * Every moment at which a process can die: for each path of a machine, each snapshot on it, before the work of the actor
 * in flight and after it.
 */
export function crashPoints(machine: AnyStateMachine, options: CrashPointsOptions = {}): CrashPoint[] {
  const makeWorld = options.world ?? (() => ({ actors: {}, state: () => null }));
  return machinePaths(machine, options).flatMap((path) =>
    path.states.flatMap((state, after) =>
      (isWorking(path, after, makeWorld) ? [false, true] : [false]).map((afterWork) => ({
        description: `dies ${afterWork ? 'after the work' : 'before the work'} in ${JSON.stringify(state.value)} of ${path.description}`,
        ...{ path, after, afterWork },
        run: () => crash(path, after, afterWork, makeWorld),
      })),
    ),
  );
}

function isWorking({ events }: MachinePath, after: number, makeWorld: () => World): boolean {
  const [, id = ''] = /^xstate\.(?:done|error)\.actor\.(.+)$/.exec(events[after]?.type ?? '') ?? [];
  return id in makeWorld().actors;
}

async function crash(
  path: MachinePath,
  after: number,
  afterWork: boolean,
  makeWorld: () => World,
): Promise<void> {
  const undisturbed = makeWorld();
  const whole = await path.replay({ actors: undisturbed.actors });
  const world = makeWorld();
  const first = await runTo(path, after, world);
  const inFlight = idsInFlight(first);
  if (afterWork) await first.work(path.events[after]!);
  const snapshot: unknown = JSON.parse(JSON.stringify(first.actor.getPersistedSnapshot()));
  first.actor.stop();
  const second = startScriptedRun(path.machine, { snapshot }, { actors: world.actors });
  const where = `after a crash: ${path.description}`;
  expectSame([...second.started.keys()].sort(), inFlight, `in flight ${where}`);
  path.expectAt(second, after, true);
  for (const [index, event] of path.events.slice(after).entries()) {
    await second.perform(event);
    path.expectAt(second, after + index + 1, true);
  }
  expectSame(asJson(second), asJson(whole), `at the end ${where}`);
  const twice = [...whole.starts, ...inFlight].sort();
  expectSame(
    [...first.starts, ...second.starts].sort(),
    twice,
    `among the actors that were started ${where}`,
  );
  expectSame(world.state(), undisturbed.state(), `in the world ${where}`);
}

async function runTo(path: MachinePath, after: number, { actors }: World): Promise<ScriptedRun> {
  const run = startScriptedRun(path.machine, { input: path.model.input }, { actors });
  for (const event of path.events.slice(0, after)) await run.perform(event);
  return run;
}

function idsInFlight({ actor, started }: ScriptedRun): string[] {
  const children = (actor.getSnapshot() as AnyMachineSnapshot).children as Record<
    string,
    AnyActorRef | undefined
  >;
  return Object.keys(children)
    .filter((id) => started.has(id) && isActive(children[id]))
    .sort();
}

function isActive(child: AnyActorRef | undefined): boolean {
  return (child?.getSnapshot() as { status?: string } | undefined)?.status === 'active';
}

function asJson({ actor }: ScriptedRun): unknown {
  const snapshot = actor.getSnapshot() as AnyMachineSnapshot;
  const context = snapshot.context as unknown;
  return JSON.parse(JSON.stringify({ value: snapshot.value as unknown, status: snapshot.status, context }));
}
