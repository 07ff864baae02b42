import type { ElicitRequest, ElicitResult } from '@modelcontextprotocol/client';
import { describe, expect, it } from 'vitest';
import type { McpTestClient } from '../../support/mcp-client.js';
import { served } from './support.js';

const risky = {
  action: 'plan',
  description: 'More scripts',
  changes: [{ file: 'package.json', type: 'create', content: '{ "scripts": { "start": "node ." } }\n' }],
};

/** Has the person behind the client fill in every form like this. */
function person(client: McpTestClient, answer: ElicitResult): ElicitRequest['params'][] {
  const asked: ElicitRequest['params'][] = [];
  client.client.setRequestHandler('elicitation/create', ({ params }) => {
    asked.push(params);
    return answer;
  });
  return asked;
}
const withForms = { capabilities: { elicitation: { form: {} } } };

describe('a plan of high risk that comes over MCP', () => {
  it('waits for a person, and the model is told how a person decides', async () => {
    const { project, connect } = await served();
    const client = await connect('2026-07-28');
    const { answer, text } = await client.call(risky);
    const { taskId } = answer;
    expect(answer).toMatchObject({
      ok: true,
      state: 'planning.awaiting_approval',
      highRiskFiles: ['package.json'],
      person: { approve: `moult approve ${taskId}` },
    });
    expect(text).toContain("waits for a person's approval, which you cannot give.");
    expect(text).toContain(
      `The person looks at it with \`moult show ${taskId}\` and decides with \`moult approve ${taskId}\` or \`moult reject ${taskId}\`.`,
    );
    const refused = await client.call({ action: 'execute', taskId });
    expect(refused.answer).toMatchObject({ ok: false, error: { code: 'APPROVAL_REQUIRED' } });
    await project.expectUntouched();
  });

  it('goes on once it was approved elsewhere, and status waits for that', async () => {
    const { project, connect } = await served();
    const client = await connect('2025-11-25');
    const { taskId } = (await client.call(risky)).answer;
    const waiting = client.call({ action: 'status', taskId, waitMs: 30_000 });
    await project.service().approveImprovement(taskId!, { by: 'Ann' });
    expect((await waiting).answer.state).toBe('planning.ready');
    await client.call({ action: 'execute', taskId });
    const { answer } = await client.call({ action: 'status', taskId, waitMs: 30_000 });
    expect(answer.state).toBe('completed');
  });

  it('is carried out when the person says yes in the form of the client', async () => {
    const { selfImprove, connect } = await served();
    const client = await connect('2026-07-28', withForms);
    const asked = person(client, { action: 'accept', content: { decision: 'approve', why: 'looks right' } });
    const { taskId } = (await client.call(risky)).answer;
    expect(asked).toEqual([]);
    const begun = await client.call({ action: 'execute', taskId });
    expect(begun.answer).toMatchObject({ ok: true, taskId });
    expect(asked).toHaveLength(1);
    expect(asked[0]!.message).toContain('More scripts\nRisk: ');
    expect(asked[0]!.message).toContain('- package.json: ');
    const { answer } = await client.call({ action: 'status', taskId, waitMs: 30_000 });
    expect(answer.state).toBe('completed');
    expect(selfImprove.service.actor?.getSnapshot().context.approval).toMatchObject({
      by: 'the person at test-client',
      why: 'looks right',
    });
  });

  it('is dropped when the person says no', async () => {
    const { project, connect } = await served();
    const client = await connect('2026-07-28', withForms);
    person(client, { action: 'accept', content: { decision: 'reject', why: 'not today' } });
    const { taskId } = (await client.call(risky)).answer;
    const { answer } = await client.call({ action: 'execute', taskId });
    expect(answer).toMatchObject({ ok: true, state: 'cancelled' });
    await project.expectUntouched();
  });

  it.each(['decline', 'cancel'] as const)(
    'waits on when the person answers the form with %s',
    async (action) => {
      const { connect } = await served();
      const client = await connect('2026-07-28', withForms);
      const asked = person(client, { action });
      const { taskId } = (await client.call(risky)).answer;
      const refused = await client.call({ action: 'execute', taskId });
      expect(refused.answer).toMatchObject({ ok: false, error: { code: 'APPROVAL_REQUIRED' } });
      expect(asked).toHaveLength(1);
    },
  );

  it('takes no answer to a form that it did not send', async () => {
    const { serving, connect } = await served();
    const { taskId } = (await (await connect('2026-07-28')).call(risky)).answer;
    const body = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name: 'self_improve',
        arguments: { action: 'execute', taskId },
        inputResponses: { approval: { action: 'accept', content: { decision: 'approve' } } },
        requestState: JSON.stringify({ taskId, digest: '' }),
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientInfo': { name: 'liar', version: '1' },
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    };
    const response = await fetch(serving.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        authorization: `Bearer ${serving.token}`,
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'self_improve',
      },
      body: JSON.stringify(body),
    });
    const { result } = (await response.json()) as { result: { structuredContent: unknown } };
    expect(result.structuredContent).toMatchObject({ ok: false, error: { code: 'APPROVAL_REQUIRED' } });
  });

  it('is not asked about where the configuration asks for nobody', async () => {
    const config = {
      requireApproval: 'never',
      checks: [{ name: 'passes', type: 'custom', command: 'true' }],
    };
    const { connect } = await served({ config });
    const { answer } = await (await connect('2026-07-28')).call(risky);
    expect(answer.state).toBe('planning.ready');
  });
});
