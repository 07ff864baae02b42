import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { served, type Served } from './support.js';

const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });

interface Reply {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** Not by fetch, which sets Host and Origin itself. */
function post({ serving }: Served, headers: Record<string, string>, path = '/mcp'): Promise<Reply> {
  const { hostname, port } = new URL(serving.url);
  const standard = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, path, method: 'POST', headers: { ...standard, ...headers } },
      (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(ping);
  });
}

describe('the HTTP endpoint', () => {
  it('listens on loopback only', async () => {
    const { serving } = await served();
    expect(serving.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
    expect(serving.token).toMatch(/^[\w-]{43}$/);
  });

  it('answers who has the token', async () => {
    const all = await served();
    const reply = await post(all, { authorization: `Bearer ${all.serving.token}` });
    expect(reply.status).toBe(200);
    expect(reply.body).toContain('"result":{}');
  });

  it.each([
    ['no token', {}],
    ['a wrong one', { authorization: 'Bearer nonsense' }],
    ['another scheme', { authorization: 'Basic bW91bHQ6bW91bHQ=' }],
  ])('refuses %s', async (_, headers) => {
    const reply = await post(await served(), headers);
    expect(reply.status).toBe(401);
    expect(reply.headers['www-authenticate']).toContain('Bearer');
  });

  it.each([
    ['a name that somebody let resolve to this machine', { host: 'evil.example' }],
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page without a site', { origin: 'null' }],
  ])('refuses %s, with the token too', async (_, headers) => {
    const all = await served();
    const reply = await post(all, { authorization: `Bearer ${all.serving.token}`, ...headers });
    expect(reply.status).toBe(403);
  });

  it('lets a page of this machine in', async () => {
    const all = await served();
    const headers = { authorization: `Bearer ${all.serving.token}`, origin: 'http://localhost:5173' };
    expect((await post(all, headers)).status).toBe(200);
  });

  it('is at one path only', async () => {
    const all = await served();
    const reply = await post(all, { authorization: `Bearer ${all.serving.token}` }, '/');
    expect(reply).toMatchObject({ status: 404, body: 'Not found. The MCP endpoint is /mcp.\n' });
  });
});
