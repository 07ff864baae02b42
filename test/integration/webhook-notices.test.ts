import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { CollectingLogger } from './support/collecting-logger.js';
import { passing, testProject, type TestProject } from './support/project.js';
import { change } from './support/slack-project.js';

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  at: number;
}

const secret = `whsec_${Buffer.from('a secret of twenty-four bytes').toString('base64')}`;
const logger = new CollectingLogger();

/** Somebody else's server; `answer` says what it thinks of each request. */
async function receiver(
  answer: (count: number, response: ServerResponse) => void = (_, response) => response.end(),
) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString(), at: Date.now() });
      answer(received.length, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

const told = (project: TestProject, webhook: object) =>
  project.service({
    logger,
    config: { checks: passing, notify: { webhook } },
    environment: { MOULT_WEBHOOK_SECRET: secret, PLAIN: 'another secret' },
  });

const typesOf = (received: Received[]) =>
  received.map(({ body }) => (JSON.parse(body) as { type: string }).type);

test('each step is a request that its receiver can verify', async () => {
  const { received, url } = await receiver();
  const project = await testProject();
  const service = told(project, { url });
  const taskId = await service.planImprovement(change);
  await service.executeImprovement();
  await service.flushNotices(20_000);
  expect(typesOf(received)).toEqual([
    'improvement.planned',
    'improvement.started',
    'improvement.applied',
    'improvement.check_finished',
    'improvement.completed',
  ]);
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  for (const { headers, body, at } of received) {
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers;
    const expected = createHmac('sha256', key)
      .update(`${String(id)}.${String(timestamp)}.${body}`)
      .digest('base64');
    expect(signature).toBe(`v1,${expected}`);
    expect(Math.abs(Number(timestamp) * 1000 - at)).toBeLessThan(60_000);
    expect(headers['content-type']).toBe('application/json');
    expect((JSON.parse(body) as { data: object }).data).toMatchObject({ taskId, type: 'alert' });
  }
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(5);
});

test('a secret that is not in base64 is taken as it is', async () => {
  const { received, url } = await receiver();
  const project = await testProject();
  const service = told(project, { url, secretEnv: 'PLAIN' });
  await service.planImprovement(change);
  await service.flushNotices(20_000);
  const [{ headers, body }] = received as [Received];
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const expected = createHmac('sha256', 'another secret').update(signed).digest('base64');
  expect(headers['webhook-signature']).toBe(`v1,${expected}`);
});

test('a receiver in trouble gets the same again, in order and with the same id; it is as patient as it asks', async () => {
  const { received, url } = await receiver((count, response) => {
    if (count === 1) response.writeHead(503, { 'retry-after': '2' }).end();
    // The second is never answered.
    if (count > 2) response.end();
  });
  const project = await testProject();
  const service = told(project, { url, timeoutMs: 3_000 });
  await service.planImprovement(change);
  await service.cancelImprovement();
  await service.flushNotices(60_000);
  expect(typesOf(received)).toEqual([
    ...Array<string>(3).fill('improvement.planned'),
    'improvement.cancelled',
  ]);
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
  expect(received[1]!.at - received[0]!.at).toBeGreaterThanOrEqual(1_990);
});

test('what a receiver does not understand is given up, and does not keep the rest from it', async () => {
  const { received, url } = await receiver((count, response) =>
    response.writeHead(count === 1 ? 422 : 204).end(),
  );
  const project = await testProject();
  const service = told(project, { url });
  await service.planImprovement(change);
  await service.cancelImprovement();
  await service.flushNotices(20_000);
  expect(typesOf(received)).toEqual(['improvement.planned', 'improvement.cancelled']);
  expect(logger.lines.filter((line) => line.includes('given up: HTTP 422'))).toHaveLength(1);
});

test('it does not follow a redirection with a signed notice', async () => {
  const elsewhere = await receiver();
  const { received, url } = await receiver((_, response) =>
    response.writeHead(307, { location: elsewhere.url }).end(),
  );
  const project = await testProject();
  const service = told(project, { url });
  await service.planImprovement(change);
  await expect.poll(() => received.length).toBe(1);
  await service.flushNotices(500);
  expect([received.length, elsewhere.received.length]).toEqual([1, 0]);
});
