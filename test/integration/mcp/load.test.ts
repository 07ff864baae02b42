import { describe, expect, it } from 'vitest';
import { served } from './support.js';

const endless = [
  {
    name: 'endless',
    type: 'custom' as const,
    command: 'node -e "setInterval(() => {}, 1000)"',
    required: true,
  },
];
const planOf = (index: number) => ({
  action: 'plan',
  description: `Plan ${index}`,
  changes: [{ file: `src/new-${index}.ts`, type: 'create', content: 'export {};\n' }],
});

describe('many calls at once', () => {
  it('of 20 different plans one wins, and the others are told which', async () => {
    const { connect } = await served();
    const client = await connect('2026-07-28');
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => client.call(planOf(index))));
    const winners = answers.filter(({ answer }) => answer.ok);
    expect(winners).toHaveLength(1);
    const { taskId } = winners[0]!.answer;
    for (const { answer, text } of answers.filter(({ isError }) => isError)) {
      expect(answer.error?.code).toBe('TASK_ACTIVE');
      expect(text).toBe(
        [
          `Refused (TASK_ACTIVE): Another improvement is under way: ${taskId} (planning).`,
          `What to do: Finish it (\`moult execute ${taskId}\`) or drop it (\`moult cancel ${taskId}\`) first.`,
          `Next: {"action":"execute","taskId":"${taskId}"} carries it out`,
          `Next: {"action":"cancel","taskId":"${taskId}"} drops it`,
        ].join('\n'),
      );
    }
    expect((await client.call({ action: 'history' })).answer.improvements).toHaveLength(1);
  });

  it('20 times the same plan is one plan', async () => {
    const { connect } = await served();
    const client = await connect('2026-07-28');
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.call(planOf(1))));
    expect(new Set(answers.map(({ answer }) => answer.taskId)).size).toBe(1);
    expect(answers.every(({ answer }) => answer.ok)).toBe(true);
  });

  it('100 polls that wait are all answered', async () => {
    const { connect } = await served({ config: { checks: endless } });
    const client = await connect('2026-07-28');
    const { taskId } = (await client.call(planOf(1))).answer;
    await client.call({ action: 'execute', taskId });
    const polls = Array.from({ length: 100 }, () => client.call({ action: 'status', taskId, waitMs: 500 }));
    expect((await Promise.all(polls)).every(({ answer }) => answer.ok && answer.done === false)).toBe(true);
    expect((await client.call({ action: 'cancel', taskId })).answer.state).toBe('cancelled');
  });
});
