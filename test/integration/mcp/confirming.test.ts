import { describe, expect, it } from 'vitest';
import { passing } from '../support/project.js';
import { served } from './support.js';

const config = { checks: passing, restart: { requireConfirmation: true } };
const plan = {
  action: 'plan',
  description: 'Two',
  requiresRestart: true,
  changes: [{ file: 'src/a.ts', type: 'modify', content: 'export const a = 2;\n' }],
};

async function restarted(options: Record<string, unknown> = {}) {
  const all = await served({
    config: { ...config, ...options },
    restart: { scheduleRestart: () => undefined },
  });
  const client = await all.connect('2026-07-28');
  const { answer } = await client.call(plan);
  const taskId = answer.taskId!;
  if (answer.state === 'planning.awaiting_approval')
    await all.project
      .service({ config: { ...config, ...options } })
      .approveImprovement(taskId, { by: 'Ann' });
  await client.call({ action: 'execute', taskId });
  let { answer: now } = await client.call({ action: 'status', taskId });
  while (now.done === false) now = (await client.call({ action: 'status', taskId, waitMs: 100 })).answer;
  expect(now.state).toBe('awaiting_confirmation');
  return { ...all, client, taskId };
}

describe('after a restart', () => {
  it('the agent of the restarted program confirms its own change', async () => {
    const { client, taskId } = await restarted();
    const { answer } = await client.call({ action: 'confirm', taskId });
    expect(answer).toMatchObject({
      ok: true,
      state: 'completed',
      result: { success: true, needsRestart: true },
    });
    const again = await client.call({ action: 'confirm', taskId });
    expect(again.answer.note).toBe('It was confirmed before, or needed no confirmation.');
  });

  it('only a person confirms what a person had to approve', async () => {
    const { client, taskId } = await restarted({ requireApproval: 'always' });
    const { text, isError } = await client.call({ action: 'confirm', taskId });
    expect(isError).toBe(true);
    expect(text).toBe(
      [
        `Refused (PERSON_REQUIRED): ${taskId} was approved by a person, so only a person can confirm it.`,
        `What to do: Ask the person to run \`moult confirm ${taskId}\`.`,
        `Next: {"action":"status","taskId":"${taskId}","waitMs":30000} waits for the confirmation`,
        `Next: {"action":"rollback","taskId":"${taskId}"} takes it back`,
      ].join('\n'),
    );
  });
});
