import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import {
  createWebSocketInspector,
  createWebSocketReceiver,
  type StatelyInspectionEvent,
} from '@statelyai/inspect';
import { createInspectorServer } from '@statelyai/inspect/server';
import { expect, onTestFinished, test } from 'vitest';
import { testProject } from '../support/project.js';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('the inspector of @statelyai/inspect is given to the service as it is, and shows an improvement over its WebSocket', async () => {
  const port = await freePort();
  const server = createInspectorServer({ port, autoOpen: false, url: 'about:blank' });
  const received: StatelyInspectionEvent[] = [];
  const watching = createWebSocketReceiver({ server: `ws://localhost:${port}` }).subscribe((event) =>
    received.push(event),
  );
  const inspector = createWebSocketInspector({ url: `ws://localhost:${port}` });
  onTestFinished(() => {
    watching.unsubscribe();
    inspector.stop();
    server.stop();
  });
  const project = await testProject();
  const service = project.service({ inspect: inspector.inspect });
  await service.planImprovement({
    description: 'Be seen by others',
    targetFiles: [],
    requiresRestart: false,
    changes: [{ file: 'src/a.ts', type: 'modify', content: 'seen\n' }],
  });
  expect((await service.executeImprovement()).status).toBe('completed');
  const values = () =>
    received.flatMap((event) =>
      event.type === '@xstate.snapshot'
        ? [JSON.stringify((event.snapshot as { value?: unknown }).value)]
        : [],
    );
  const deadline = Date.now() + 20_000;
  while (!values().includes('"completed"') && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(values()).toEqual(
    expect.arrayContaining(['{"planning":"ready"}', '{"implementing":"applying"}', '"completed"']),
  );
  const root = received.find((event) => event.type === '@xstate.actor' && event.parentId === undefined);
  expect(JSON.parse((root as { definition: string }).definition)).toMatchObject({ id: 'improvement' });
});
