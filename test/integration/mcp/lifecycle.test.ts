import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eras, type McpTestClient } from '../../support/mcp-client.js';
import { served } from './support.js';

const request = {
  action: 'plan',
  description: 'Count on',
  changes: [
    { file: 'src/a.ts', type: 'modify', edits: [{ oldText: 'a = 1', newText: 'a = 2' }] },
    { file: 'src/new/c.ts', type: 'create', content: 'export const c = 3;\n' },
  ],
};

/** A check that goes on until a file is there. */
const patient = (file: string) => [
  {
    name: 'waits',
    type: 'custom' as const,
    command: `node -e "const fs = require('fs'); setInterval(() => fs.existsSync('${file}') && process.exit(0), 20)"`,
    required: true,
  },
];

async function plan(client: McpTestClient, input: Record<string, unknown> = request): Promise<string> {
  const { answer, text } = await client.call(input);
  expect(answer.ok, text).toBe(true);
  return answer.taskId!;
}

describe.each(eras)('a client that speaks %s over HTTP', (era) => {
  it('plans, executes, asks for the status and rolls back', async () => {
    const { project, connect } = await served();
    const client = await connect(era);
    expect(client.client.getNegotiatedProtocolVersion()).toBe(era);

    const planned = await client.call(request);
    const { taskId } = planned.answer;
    expect(planned.answer).toMatchObject({
      ok: true,
      state: 'planning.ready',
      done: true,
      risk: 'low',
      files: [
        { path: 'src/a.ts', change: 'modify' },
        { path: 'src/new/c.ts', change: 'create' },
      ],
      next: [{ arguments: { action: 'execute', taskId } }, { arguments: { action: 'cancel', taskId } }],
    });
    expect(project.text('src/a.ts')).toBe('export const a = 1;\n');

    const begun = await client.call({ action: 'execute', taskId });
    expect(begun.answer).toMatchObject({ ok: true, taskId });
    const ended = await client.call({ action: 'status', taskId, waitMs: 30_000 });
    expect(ended.answer).toMatchObject({
      state: 'completed',
      done: true,
      checks: [{ name: 'passes', status: 'passed' }],
      result: { success: true, changesApplied: ['src/a.ts', 'src/new/c.ts'], validationPassed: true },
    });
    expect(project.text('src/a.ts')).toBe('export const a = 2;\n');

    const back = await client.call({ action: 'rollback', taskId });
    expect(back.answer).toMatchObject({ state: 'rolled_back', result: { rollbackPerformed: true } });
    await project.expectUntouched();
  });

  it('reads plan, diff and the log of a check where the answer links to them', async () => {
    const checks = [
      {
        name: 'types & co',
        type: 'custom',
        command: `node -e "console.log('src/a.ts(1,1): error TS1: no'); process.exit(2)"`,
      },
    ];
    const { project, connect } = await served({ config: { checks } });
    const client = await connect(era);
    const taskId = await plan(client);
    await client.call({ action: 'execute', taskId });
    const { answer, links, text, isError } = await client.call({ action: 'status', taskId, waitMs: 30_000 });

    expect(isError).toBe(false);
    expect(answer).toMatchObject({
      state: 'rolled_back',
      result: { success: false, code: 'VALIDATION_FAILED' },
    });
    expect(text).toBe(
      [
        `${taskId} (Count on) was taken back. Why: Validation failed: "types & co"`,
        'Check "types & co" did not pass: it ended with exit code 2',
        '  | src/a.ts(1,1): error TS1: no',
        `  The whole output: moult://improvements/${taskId}/checks/types%20%26%20co/log`,
        'Every planned file is as it was before.',
        'Next: {"action":"plan"} makes a new plan',
      ].join('\n'),
    );
    const [planUri, diffUri, logUri] = links;
    expect(JSON.parse(await client.read(planUri!))).toMatchObject({ taskId, description: 'Count on' });
    expect(await client.read(diffUri!)).toContain('-export const a = 1;\n+export const a = 2;\n');
    expect(await client.read(logUri!)).toBe('src/a.ts(1,1): error TS1: no\n');
    expect(JSON.parse(await client.read('moult://improvements'))).toMatchObject([{ taskId }]);
    await expect(client.read('moult://improvements/si-1/plan')).rejects.toThrow('Resource not found');
    await project.expectUntouched();
  });

  it('is told the progress while it waits, and the trace it asked in', async () => {
    const { project, connect } = await served({ config: { checks: patient('src/go') } });
    const client = await connect(era);
    const taskId = await plan(client);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const begun = await client.call({ action: 'execute', taskId }, { meta: { traceparent } });
    expect(begun.meta).toMatchObject({ traceparent });
    expect(begun.answer.done).toBe(false);

    const told: string[] = [];
    const waiting = client.call(
      { action: 'status', taskId, waitMs: 30_000 },
      {
        onprogress: (message) => {
          told.push(message);
          if (message === 'running the check "waits"') fs.writeFileSync(project.at('src/go'), '');
        },
      },
    );
    expect((await waiting).answer.state).toBe('completed');
    expect(told).toContain('running the check "waits"');
    expect(told.at(-1)).toBe('completed');
  });
});

describe('work that was begun', () => {
  it('goes on when the request is cancelled and the client is gone', async () => {
    const { project, connect } = await served({ config: { checks: patient('src/go') } });
    const client = await connect('2026-07-28');
    const taskId = await plan(client);
    await client.call({ action: 'execute', taskId });
    const controller = new AbortController();
    const waiting = client.call({ action: 'status', taskId, waitMs: 30_000 }, { signal: controller.signal });
    controller.abort('hung up');
    await expect(waiting).rejects.toThrow();
    await client.close();
    fs.writeFileSync(project.at('src/go'), '');

    const another = await connect('2026-07-28');
    const { answer } = await another.call({ action: 'status', taskId, waitMs: 30_000 });
    expect(answer.state).toBe('completed');
  });

  it('is waited for no longer than asked', async () => {
    const { project, connect } = await served({ config: { checks: patient('src/go') } });
    const client = await connect('2026-07-28');
    const taskId = await plan(client);
    await client.call({ action: 'execute', taskId });
    const { answer, text } = await client.call({ action: 'status', taskId, waitMs: 300 });
    expect(answer).toMatchObject({ done: false, next: [{ arguments: { action: 'status', taskId } }, {}] });
    expect(text).toContain(`${taskId} (Count on) is under way: `);
    fs.writeFileSync(project.at('src/go'), '');
  });

  it('is stopped by a cancel, and every byte goes back', async () => {
    const { project, connect } = await served({ config: { checks: patient('src/never') } });
    const client = await connect('2026-07-28');
    const taskId = await plan(client);
    await client.call({ action: 'execute', taskId });
    const { answer } = await client.call({ action: 'cancel' });
    expect(answer).toMatchObject({ ok: true, taskId, state: 'cancelled' });
    await project.expectUntouched();
    const again = await client.call({ action: 'cancel', taskId });
    expect(again.answer).toMatchObject({ ok: true, note: 'It was cancelled before.' });
    const nothing = await client.call({ action: 'cancel' });
    expect(nothing.text).toBe(
      'No improvement is under way, so there is nothing to cancel.\nNext: {"action":"plan"} makes a plan',
    );
  });
});

describe('a call that comes a second time', () => {
  it('makes no second plan and starts nothing twice', async () => {
    const { connect } = await served();
    const client = await connect('2026-07-28');
    const taskId = await plan(client);
    const replanned = await client.call(request);
    expect(replanned.answer).toMatchObject({
      ok: true,
      taskId,
      note: 'This very plan waits already; it was not made a second time.',
    });
    await client.call({ action: 'execute', taskId });
    await client.call({ action: 'status', taskId, waitMs: 30_000 });
    const again = await client.call({ action: 'execute', taskId });
    expect(again.answer).toMatchObject({
      ok: true,
      state: 'completed',
      note: 'It was executed before; it was not started a second time.',
    });
    await client.call({ action: 'rollback', taskId });
    const rolledBack = await client.call({ action: 'rollback', taskId });
    expect(rolledBack.answer).toMatchObject({ ok: true, note: 'It was taken back before.' });
    expect((await client.call({ action: 'history' })).answer.improvements).toHaveLength(1);
  });

  it('is the same plan for a server that was started after the first one was killed', async () => {
    const first = await served();
    const taskId = await plan(await first.connect('2026-07-28'));
    const second = await served({}, first.project);
    const { answer } = await (await second.connect('2026-07-28')).call(request);
    expect(answer).toMatchObject({ ok: true, taskId });
  });

  it('is another plan where anything in it differs', async () => {
    const { connect } = await served();
    const client = await connect('2026-07-28');
    await plan(client);
    const { answer } = await client.call({ ...request, skipTests: true });
    expect(answer).toMatchObject({ ok: false, error: { code: 'TASK_ACTIVE' } });
  });
});

it('a dry run shows risk and diff, and leaves nothing behind', async () => {
  const { project, connect } = await served();
  const client = await connect('2026-07-28');
  const { answer, text } = await client.call({ ...request, dryRun: true });
  expect(answer).toMatchObject({ ok: true, risk: 'low' });
  expect(answer.taskId).toBeUndefined();
  expect(text).toContain('-export const a = 1;\n+export const a = 2;\n');
  expect(text).toContain('+export const c = 3;\n');
  expect((await client.call({ action: 'history' })).answer.improvements).toEqual([]);
  await project.expectUntouched();
  expect(fs.existsSync(project.stateDirectory)).toBe(false);
});
