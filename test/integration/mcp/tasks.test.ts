import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { served, type Served } from './support.js';

const extension = 'io.modelcontextprotocol/tasks';
const waits = [
  {
    name: 'waits',
    type: 'custom' as const,
    command: `node -e "setInterval(() => require('fs').existsSync('src/go') && process.exit(0), 20)"`,
    required: true,
  },
];
const changes = [{ file: 'src/a.ts', type: 'modify', content: 'export const a = 2;\n' }];

interface Reply {
  result?: Record<string, unknown>;
  error?: { code: number; message: string; data?: unknown };
}

/** The client of the SDK knows no tasks yet, so these are the bare messages of the 2026-07-28 revision. */
async function send(
  { serving }: Served,
  method: string,
  params: Record<string, unknown>,
  capabilities: object = { extensions: { [extension]: {} } },
): Promise<Reply> {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'tasks', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  };
  const response = await fetch(serving.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${serving.token}`,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      'mcp-name': (params.name ?? params.taskId ?? '') as string,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } }),
  });
  return (await response.json()) as Reply;
}

const call = (all: Served, input: object, capabilities?: object) =>
  send(all, 'tools/call', { name: 'self_improve', arguments: input }, capabilities);

async function plan(all: Served): Promise<string> {
  const { result } = await call(all, { action: 'plan', description: 'Two', changes });
  return (result!.structuredContent as { taskId: string }).taskId;
}

async function untilOver(all: Served, taskId: string): Promise<Record<string, unknown>> {
  for (;;) {
    const { result } = await send(all, 'tasks/get', { taskId });
    if (result?.status !== 'working') return result!;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('the Tasks extension', () => {
  it('is declared by the server', async () => {
    const { result } = await send(await served(), 'server/discover', {});
    expect(result!.capabilities).toMatchObject({ extensions: { [extension]: {} } });
  });

  it('makes a task of an execution, whose id is that of the improvement', async () => {
    const all = await served({ config: { checks: waits } });
    const taskId = await plan(all);
    const created = await call(all, { action: 'execute', taskId });
    expect(created.result).toMatchObject({ resultType: 'task', taskId, status: 'working', ttlMs: null });

    const working = await send(all, 'tasks/get', { taskId });
    expect(working.result).toMatchObject({ resultType: 'complete', taskId, status: 'working' });
    expect((await send(all, 'tasks/update', { taskId, inputResponses: {} })).result).toMatchObject({
      resultType: 'complete',
    });
    fs.writeFileSync(all.project.at('src/go'), '');

    const over = await untilOver(all, taskId);
    expect(over).toMatchObject({
      status: 'completed',
      result: { isError: false, structuredContent: { taskId, state: 'completed' } },
    });
  });

  it('cancels a task, and every byte goes back', async () => {
    const all = await served({ config: { checks: waits } });
    const taskId = await plan(all);
    await call(all, { action: 'execute', taskId });
    expect((await send(all, 'tasks/cancel', { taskId })).result).toMatchObject({ resultType: 'complete' });
    expect(await untilOver(all, taskId)).toMatchObject({ status: 'cancelled' });
    await all.project.expectUntouched();
  });

  it('is not used with a client that does not declare it', async () => {
    const all = await served({ config: { checks: waits } });
    const taskId = await plan(all);
    const { result } = await call(all, { action: 'execute', taskId }, {});
    expect(result).toMatchObject({ resultType: 'complete', structuredContent: { taskId, done: false } });
    const { error } = await send(all, 'tasks/get', { taskId }, {});
    expect(error).toMatchObject({
      code: -32021,
      data: { requiredCapabilities: { extensions: { [extension]: {} } } },
    });
  });

  it('refuses the id of no task', async () => {
    const all = await served();
    for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
      const { error } = await send(all, method, { taskId: 'si-1', inputResponses: {} });
      expect(error?.code, method).toBe(-32602);
    }
  });
});
