import type {
  AnyActorRef,
  AnyMachineSnapshot,
  AnyStateMachine,
  AnyStateNode,
  AnyTransitionDefinition,
  InspectionEvent,
} from 'xstate';
import { actionName } from '../definition/action-name.js';
import { guardName } from '../definition/guard-name.js';
import { boundedJson } from '../store/bounded-json.js';

/** What the protocol of `@xstate/inspect` says of a running machine; `machine`, `state` and `event` are JSON. */
export type ServiceMessage =
  | {
      type: 'service.register';
      machine: string;
      state: string;
      id: string;
      sessionId: string;
      parent?: string;
    }
  | { type: 'service.event'; event: string; sessionId: string }
  | { type: 'service.state'; state: string; sessionId: string }
  | { type: 'service.stop'; sessionId: string };

export interface XStateInspectFeed {
  /** To be given to `createActor`, or to the service, as `inspect`. */
  inspect: (event: InspectionEvent) => void;
  /** What a viewer has to know that connects now: each machine that runs, where it stands. */
  current(): ServiceMessage[];
}

/**
 * Tells a viewer that speaks the protocol of `@xstate/inspect` (made for XState 4) what happens to machines of XState 5.
 * How the messages get there is up to you: that package's own server takes them by `inspector.send`.
 */
export function xstateInspectFeed(send: (message: ServiceMessage) => void): XStateInspectFeed {
  const running = new Map<string, ServiceMessage & { type: 'service.register' }>();
  return { inspect, current: () => [...running.values()] };

  function inspect(event: InspectionEvent): void {
    const actor = event.actorRef as AnyActorRef;
    const { sessionId } = actor;
    if (event.type === '@xstate.event' && running.has(sessionId))
      send({ type: 'service.event', event: JSON.stringify(scxml(event.event)), sessionId });
    if (event.type !== '@xstate.snapshot' || !('machine' in event.snapshot)) return;
    tellState(actor, event.snapshot as unknown as AnyMachineSnapshot, event.event);
  }

  function tellState(actor: AnyActorRef, snapshot: AnyMachineSnapshot, event: { type: string }): void {
    const { sessionId, id } = actor;
    const state = JSON.stringify(oldState(snapshot, event));
    const known = running.get(sessionId);
    const parent = (actor as { _parent?: AnyActorRef })._parent?.sessionId;
    const machine = known?.machine ?? JSON.stringify(oldMachine(snapshot.machine as AnyStateMachine));
    const registration = {
      ...({ type: 'service.register', machine, state, id, sessionId } as const),
      ...(parent === undefined ? {} : { parent }),
    };
    running.set(sessionId, registration);
    send(known ? { type: 'service.state', state, sessionId } : registration);
    if (snapshot.status === 'active') return;
    running.delete(sessionId);
    send({ type: 'service.stop', sessionId });
  }
}

/** A machine as the configuration of one of XState 4 that has the same states and transitions. */
function oldMachine(machine: AnyStateMachine): object {
  return { id: machine.id, predictableActionArguments: true, ...oldNode(machine.root as AnyStateNode) };
}

function oldNode(node: AnyStateNode): object {
  const children = Object.values(node.states as Record<string, AnyStateNode>);
  const initial = (node.initial as { target?: readonly AnyStateNode[] } | undefined)?.target?.[0];
  const on = [...node.transitions].map(([type, list]): [string, object[]] => [
    oldType(type),
    list.map(oldTransition),
  ]);
  return {
    ...(node.parent ? { id: node.id } : {}),
    ...(node.type === 'parallel' || node.type === 'final' || node.type === 'history'
      ? { type: node.type }
      : {}),
    ...(initial ? { initial: initial.key } : {}),
    ...(node.description === undefined ? {} : { description: node.description }),
    entry: node.entry.map(actionName),
    exit: node.exit.map(actionName),
    invoke: node.invoke.map(({ id, src }) => ({ id, src: typeof src === 'string' ? src : 'an actor' })),
    on: Object.fromEntries(on),
    always: ((node.always ?? []) as AnyTransitionDefinition[]).map(oldTransition),
    states: Object.fromEntries(children.map((child) => [child.key, oldNode(child)])),
  };
}

function oldTransition(transition: AnyTransitionDefinition): object {
  const targets = (transition.target ?? []) as readonly AnyStateNode[];
  const guard = guardName(transition);
  return {
    ...(targets.length === 0 ? {} : { target: targets.map(({ id }) => `#${id}`) }),
    ...(guard === null ? {} : { cond: guard }),
    actions: transition.actions.map(actionName),
  };
}

/** XState 4 has other names for what actors say. */
function oldType(type: string): string {
  return type
    .replace(/^xstate\.done\.actor\./, 'done.invoke.')
    .replace(/^xstate\.error\.actor\./, 'error.platform.')
    .replace(/^xstate\.done\.state\./, 'done.state.');
}

function oldState(snapshot: AnyMachineSnapshot, event: { type: string }): object {
  const said = scxml(event);
  return {
    value: snapshot.value as object,
    context: boundedJson(snapshot.context),
    ...{ event: said.data, _event: said, _sessionid: null, historyValue: undefined, history: undefined },
    ...{
      actions: [],
      activities: {},
      meta: {},
      events: [],
      configuration: [],
      transitions: [],
      children: {},
    },
    ...{ done: snapshot.status === 'done', changed: true, tags: [...snapshot.tags] },
  };
}

function scxml({ type, ...event }: { type: string }) {
  const name = oldType(type);
  const data = { ...(boundedJson(event) as object), type: name };
  return { name, data, $$type: 'scxml', type: 'external' } as const;
}
