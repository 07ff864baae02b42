// An improvement in the inspector of XState 4: its own server forwards to every viewer what `xstateInspectFeed` tells, and a
// viewer of the same package reads it. Run `npm install` in this folder first.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createWebSocketReceiver } from '@xstate/inspect';
import { inspect } from '@xstate/inspect/lib/server.js';
import { WebSocket, WebSocketServer } from 'ws';
// In your own project: from 'moult' and 'moult/inspector'.
import { SelfImprovementService } from '../../dist/index.js';
import { xstateInspectFeed } from '../../dist/inspector/index.js';
import { withProject } from '../with-project.mjs';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
await once(server, 'listening');
const inspector = inspect({ server });
const feed = xstateInspectFeed((message) => inspector.send(message));
server.on('connection', (viewer) => {
  viewer.on('message', (data) => {
    // Who connects late hears first what runs already.
    if (JSON.parse(data.toString()).type === 'xstate.inspecting')
      feed.current().forEach((message) => inspector.send(message));
  });
});

// The viewer: in a browser, `createWebSocketReceiver` takes the browser's own WebSocket.
globalThis.WebSocket = WebSocket;
const seen = [];
const receiver = createWebSocketReceiver({ server: `127.0.0.1:${server.address().port}` });
receiver.subscribe((event) => seen.push(event));
await once(server, 'connection');

try {
  await withProject({ 'greeting.txt': 'Hi\n' }, async (root) => {
    const config = { checks: [{ name: 'looks fine', type: 'custom', command: 'true', required: true }] };
    const service = new SelfImprovementService(root, { config, inspect: feed.inspect });
    await service.planImprovement({
      description: 'Greet politely',
      targetFiles: [],
      changes: [{ file: 'greeting.txt', type: 'modify', content: 'Good day\n' }],
      requiresRestart: false,
    });
    assert.equal((await service.executeImprovement()).status, 'completed');
  });
  while (!seen.some(({ type }) => type === 'service.stop'))
    await new Promise((resolve) => setTimeout(resolve, 20));

  // The viewer has made a machine of XState 4 of it, and of each state one of its own.
  const registered = seen.find(({ type }) => type === 'service.register');
  assert.equal(registered.machine.id, 'improvement');
  assert.ok(registered.machine.getStateNodeByPath('implementing.applying'));
  const states = seen
    .filter(({ type }) => type === 'service.state')
    .map(({ state }) => state.toStrings().at(-1));
  assert.deepEqual(states, [
    'planning.ready',
    'implementing.backing_up',
    'implementing.checkpointing',
    'implementing.applying',
    'testing.running_checks',
    'testing.sealing',
    'completed',
  ]);
  const events = seen.filter(({ type }) => type === 'service.event').map(({ event }) => event.name);
  assert.ok(events.includes('EXECUTE') && events.includes('done.invoke.runChecks'));
  console.log(`A viewer of XState 4 saw ${states.length} states of an improvement.`);
  console.log(states.join(' -> '));
} finally {
  inspector.disconnect();
}
process.exit(0);
