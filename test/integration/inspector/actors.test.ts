import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { assign, createActor, fromPromise, setup, type AnyActorRef } from 'xstate';
import { inspectActor } from '../../../src/inspector/inspect-actor.js';
import type { Chart } from '../../../src/inspector/protocol/chart.js';
import type { ActorInfo } from '../../../src/inspector/protocol/live.js';
import type { Session } from '../../../src/inspector/protocol/session.js';
import type { TimelinePage } from '../../../src/inspector/protocol/timeline.js';
import type { Inspector, ListenOptions } from '../../../src/inspector/server/start-server.js';
import { act, ask, LiveClient } from '../support/inspector-client.js';

const child = setup({ types: { events: {} as { type: 'PING' } } }).createMachine({
  id: 'child',
  initial: 'waiting',
  states: { waiting: { on: { PING: 'pinged' } }, pinged: { type: 'final' } },
});

/** A machine of a user: nothing of moult is in it. */
const machine = setup({
  types: {
    context: {} as { count: number; note: string },
    events: {} as { type: 'GO' } | { type: 'PING' } | { type: 'FORBIDDEN' },
  },
  actors: { child, load: fromPromise(() => Promise.resolve('loaded')) },
  guards: { never: () => false },
}).createMachine({
  id: 'user',
  context: { count: 0, note: `ghp_${'a1B2c3D4'.repeat(5).slice(0, 36)}` },
  initial: 'idle',
  states: {
    idle: {
      on: {
        GO: { target: 'busy', actions: assign({ count: ({ context }) => context.count + 1 }) },
        FORBIDDEN: { guard: 'never', target: 'busy' },
      },
    },
    busy: {
      type: 'parallel',
      states: {
        watching: { invoke: { id: 'watcher', src: 'child' } },
        loading: {
          initial: 'now',
          states: { now: { invoke: { src: 'load', onDone: 'done' } }, done: {} },
        },
      },
      on: {
        PING: {
          actions: ({ self }) => (self.getSnapshot().children.watcher as AnyActorRef).send({ type: 'PING' }),
        },
      },
    },
  },
});

const opened: Inspector[] = [];
const clients: LiveClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.cut();
  for (const inspector of opened.splice(0)) await inspector.close();
});
async function inspected(options?: ListenOptions) {
  const actor = createActor(machine).start();
  const inspector = await inspectActor(actor, options);
  opened.push(inspector);
  const live = new LiveClient(inspector, 'api/events');
  clients.push(live);
  const infos = async () => (await ask<ActorInfo[]>(inspector, 'api/actors')).json;
  return { actor, inspector, live, infos };
}

describe('an actor of the user', () => {
  test('is shown with its children, charts, states, context and events', async () => {
    const { actor, inspector, infos } = await inspected();
    expect((await ask<Session>(inspector, 'api/session')).json).toMatchObject({
      mode: 'actors',
      title: actor.id,
    });
    actor.send({ type: 'GO' });
    await sleep(20);
    const [root, ...others] = await infos();
    expect(root).toMatchObject({
      name: 'user',
      chart: 'user',
      state: 'busy.watching | busy.loading.done',
      context: { count: 1, note: '***' },
    });
    expect(others.map(({ name, chart, state }) => [name, chart, state])).toEqual([
      ['child', 'child', 'waiting'],
      ['load', null, null],
    ]);
    expect(others.every(({ parent }) => parent === root!.id)).toBe(true);
    expect(root!.events).toEqual([
      { type: 'FORBIDDEN', canBeTaken: false },
      { type: 'GO', canBeTaken: false },
      { type: 'PING', canBeTaken: true },
    ]);
    const chart = (await ask<Chart>(inspector, 'api/charts/user')).json;
    expect(root!.active.every((id) => chart.nodes.some((node) => node.id === id))).toBe(true);
    expect((await ask<Chart>(inspector, 'api/charts/child')).json.nodes.length).toBe(3);
  });

  test('is followed live, and what a broken connection missed comes later', async () => {
    const { actor, inspector, live } = await inspected();
    live.connect();
    await live.until(() => live.of('actors').length > 0, 'the actors');
    live.cut();
    actor.send({ type: 'GO' });
    await sleep(20);
    actor.send({ type: 'PING' });
    live.connect();
    await live.until(() => live.states().includes('pinged'), 'the state of the child');
    const entries = live.entries();
    expect(new Set(entries.map(({ key }) => key)).size).toBe(entries.length);
    expect(
      entries.flatMap((entry) =>
        entry.kind === 'state' ? [[entry.chart, entry.state, entry.edges.length]] : [],
      ),
    ).toEqual(
      expect.arrayContaining([
        ['user', 'busy.watching | busy.loading.now', 1],
        ['user', 'busy.watching | busy.loading.done', 1],
        ['child', 'pinged', 1],
      ]),
    );
    expect(
      entries.filter((entry) => entry.kind === 'effect').map(({ phase, outcome }) => [phase, outcome]),
    ).toEqual(
      expect.arrayContaining([
        ['start', undefined],
        ['end', 'done'],
      ]),
    );
    const whole = (await ask<TimelinePage>(inspector, 'api/actors/timeline')).json;
    expect(whole.entries.map(({ key }) => key)).toEqual(entries.map(({ key }) => key));
  });

  test('is sent events only where that is allowed, and never one of XState', async () => {
    const off = await inspected();
    const [quiet] = await off.infos();
    expect(
      (await act(off.inspector, `api/actors/${quiet!.id}/events`, { type: 'GO' })).json.error?.code,
    ).toBe('ACTIONS_OFF');
    expect(off.actor.getSnapshot().value).toBe('idle');
    const { actor, inspector, infos } = await inspected({ allowActions: true });
    const [root] = await infos();
    const address = `api/actors/${root!.id}/events`;
    for (const type of ['xstate.stop', 'xstate.done.actor.load', 'xstate.init', '*', '', 7])
      expect((await act(inspector, address, { type })).status, String(type)).toBe(400);
    expect((await act(inspector, 'api/actors/x:999/events', { type: 'GO' })).status).toBe(404);
    expect((await act(inspector, address, { type: 'GO' })).json).toMatchObject({ done: true });
    expect(actor.getSnapshot().matches('busy')).toBe(true);
    expect(actor.getSnapshot().status).toBe('active');
  });

  test('goes on unharmed, whatever is in its context', async () => {
    const { actor, inspector, infos } = await inspected();
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    actor.send({ type: 'GO', circle, call: () => 1 } as never);
    await sleep(20);
    expect((await infos())[0]?.status).toBe('active');
    await inspector.close();
    opened.length = 0;
    actor.send({ type: 'PING' });
    expect(actor.getSnapshot().status).toBe('active');
  });
});
