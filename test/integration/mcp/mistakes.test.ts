import { describe, expect, it } from 'vitest';
import type { McpTestClient } from '../../support/mcp-client.js';
import { served, type Served } from './support.js';

const change = { file: 'src/a.ts', type: 'modify', content: 'export const a = 2;\n' };
const invalid = 'Refused (REQUEST_INVALID): The improvement request is not valid:';
const correct = 'What to do: Correct the fields named above; the README shows a whole request.';
const again = 'Next: {"action":"plan"} plans again, corrected';
const lines = (...texts: string[]) => texts.join('\n');

async function connected(): Promise<Served & { client: McpTestClient }> {
  const all = await served();
  return { ...all, client: await all.connect('2026-07-28') };
}

async function planned(client: McpTestClient): Promise<string> {
  const { answer } = await client.call({ action: 'plan', description: 'Two', changes: [change] });
  return answer.taskId!;
}

/** What a model gets wrong, and the answer from which its next call can be right. */
describe('the answer to', () => {
  it.each([
    [
      'no action',
      {},
      lines(
        invalid,
        '  action: is missing; it must be one of "plan", "execute", "status", "cancel", "rollback", "history", "confirm"',
        correct,
      ),
    ],
    [
      'an approval of its own',
      { action: 'approve', taskId: 'si-1' },
      lines(
        invalid,
        '  action: "approve" is for a person, who uses the command line or a form of the client; it is no action of this tool',
        correct,
      ),
    ],
    [
      'a plan without fields',
      { action: 'plan' },
      lines(invalid, '  description: is missing', correct, again),
    ],
    [
      'changes as text, a wrong type, an unknown field and a wait without end, all at once',
      { action: 'plan', description: 'x', changes: '[]', waitMs: 90000, files: [] },
      lines(
        invalid,
        '  waitMs: must be a whole number of milliseconds from 0 to 40000',
        '  files: "files" is not a known key',
        '  changes: must be a list, not text',
        correct,
        again,
      ),
    ],
    [
      'a change without file and type',
      { action: 'plan', description: 'x', changes: [{ content: '1' }] },
      lines(
        invalid,
        '  changes.0.file: is missing',
        '  changes.0.type: is missing; it must be one of "create", "modify", "delete"',
        correct,
        again,
      ),
    ],
    [
      'a plan without changes',
      { action: 'plan', description: 'x', targetFiles: ['src/a.ts'] },
      lines(
        'Refused (NOTHING_TO_DO): The plan changes nothing: it has no changes',
        'What to do: Plan at least one change whose result differs from what is there.',
        again,
      ),
    ],
    [
      'modify without content',
      {
        action: 'plan',
        description: 'x',
        changes: [{ file: 'src/a.ts', type: 'modify', description: 'better' }],
      },
      lines(
        'Refused (CHANGE_WITHOUT_CONTENT): No new content was given for "src/a.ts".',
        'What to do: Give each change one of content, contentBase64, edits, patch, symlink or mode; in the library, an `editor` option can supply it.',
        again,
      ),
    ],
    [
      'an oldText that is not there',
      {
        action: 'plan',
        description: 'x',
        changes: [{ file: 'src/a.ts', type: 'modify', edits: [{ oldText: 'b = 1', newText: 'b = 2' }] }],
      },
      lines(
        'Refused (EDIT_NOT_UNIQUE): Edit 1 of "src/a.ts": oldText must occur exactly once, but it occurs 0 times: "b = 1"',
        'What to do: Copy oldText from the file as it is now, white space and line ends included.',
        again,
      ),
    ],
    [
      'an oldText that is there twice',
      {
        action: 'plan',
        description: 'x',
        changes: [{ file: 'src/a.ts', type: 'modify', edits: [{ oldText: 'o', newText: 'O' }] }],
      },
      lines(
        'Refused (EDIT_NOT_UNIQUE): Edit 1 of "src/a.ts": oldText must occur exactly once, but it occurs 2 times: "o"',
        'What to do: Add lines around it to oldText until it occurs only once.',
        again,
      ),
    ],
    [
      'a file to modify that does not exist',
      { action: 'plan', description: 'x', changes: [{ file: 'src/z.ts', type: 'modify', content: '1' }] },
      lines(
        'Refused (FILE_MISSING): "src/z.ts" was to be modified, but it does not exist.',
        'What to do: Use type "create", or correct the name.',
        again,
      ),
    ],
    [
      'a path outside the project',
      { action: 'plan', description: 'x', changes: [{ file: '../x.ts', type: 'create', content: '1' }] },
      lines(
        'Refused (PATH_INVALID): "../x.ts" is not a path inside the project: it leads upwards (..)',
        'What to do: Write paths relative to the project root, with forward slashes, as src/a.ts.',
        again,
      ),
    ],
    [
      'an execute before any plan',
      { action: 'execute' },
      lines(
        'Refused (NO_TASK): No improvement task planned',
        'What to do: Plan one first: planImprovement(request), or `moult plan REQUEST`.',
        'Next: {"action":"plan"} makes a plan',
      ),
    ],
    [
      'an unknown task',
      { action: 'execute', taskId: 'si-1' },
      lines(
        'Refused (TASK_UNKNOWN): There is no improvement "si-1" in this project.',
        'What to do: `moult history` lists them.',
        'Next: {"action":"history"} lists the improvements there are',
      ),
    ],
    [
      'a task that is no id',
      { action: 'status', taskId: 'the last one' },
      lines(invalid, '  taskId: must be the id of an improvement, as si-1731600000000', correct),
    ],
    [
      'a rollback of nothing in particular',
      { action: 'rollback' },
      lines(invalid, '  taskId: is missing; a rollback needs it', correct),
    ],
  ])('%s', async (_, input, text) => {
    const { client, project } = await connected();
    const given = await client.call(input);
    expect(given.text).toBe(text);
    expect(given.isError).toBe(true);
    expect(given.answer).toMatchObject({ ok: false, error: { code: /\((\w+)\)/.exec(text)![1] } });
    expect(given.answer.error!.remedy).toBe(/^What to do: (.*)$/m.exec(text)![1]);
    await project.expectUntouched();
  });

  it('a second execute', async () => {
    const { client } = await connected();
    const taskId = await planned(client);
    await client.call({ action: 'execute', taskId });
    await client.call({ action: 'status', taskId, waitMs: 30_000 });
    const { text, isError } = await client.call({ action: 'execute', taskId });
    expect(isError).toBe(false);
    expect(text).toBe(
      lines(
        `${taskId} (Two) is completed: the changes are in place, and the required checks have passed.`,
        'It was executed before; it was not started a second time.',
        'Check "passes" passed.',
        `Next: {"action":"rollback","taskId":"${taskId}"} takes it back`,
        'Next: {"action":"plan"} makes a new plan',
      ),
    );
  });

  it('a plan while another is executed', async () => {
    const checks = [{ name: 'endless', type: 'custom', command: 'node -e "setInterval(() => {}, 1000)"' }];
    const { connect } = await served({ config: { checks } });
    const client = await connect('2026-07-28');
    const taskId = await planned(client);
    await client.call({ action: 'execute', taskId });
    const { text, answer } = await client.call({
      action: 'plan',
      description: 'Another',
      changes: [{ file: 'src/z.ts', type: 'create', content: '1' }],
    });
    expect(answer.error?.code).toBe('TASK_ACTIVE');
    expect(text.replace(/\((implementing|testing)\)/, '(STATUS)')).toBe(
      lines(
        `Refused (TASK_ACTIVE): Another improvement is under way: ${taskId} (STATUS).`,
        `What to do: Finish it (\`moult execute ${taskId}\`) or drop it (\`moult cancel ${taskId}\`) first.`,
        `Next: {"action":"status","taskId":"${taskId}","waitMs":30000} waits for the end`,
        `Next: {"action":"cancel","taskId":"${taskId}"} stops it and takes it back`,
      ),
    );
  });

  it('an execute after somebody edited a planned file', async () => {
    const { client, project } = await connected();
    const taskId = await planned(client);
    await project.write('src/a.ts', 'mine\n');
    const { text, isError } = await client.call({ action: 'execute', taskId });
    expect(isError).toBe(true);
    expect(text).toBe(
      lines(
        'Refused (PLAN_STALE): Changed since the plan was made: "src/a.ts". Nothing was applied, and the plan is void.',
        'What to do: Plan again, against the files as they are now.',
        again,
      ),
    );
    expect(project.text('src/a.ts')).toBe('mine\n');
  });

  it('a rollback after somebody edited a changed file', async () => {
    const { client, project } = await connected();
    const taskId = await planned(client);
    await client.call({ action: 'execute', taskId });
    await client.call({ action: 'status', taskId, waitMs: 30_000 });
    await project.write('src/a.ts', 'mine\n');
    const { text } = await client.call({ action: 'rollback', taskId });
    expect(text).toBe(
      lines(
        'Refused (ROLLBACK_CONFLICT): Changed since the improvement was completed: "src/a.ts".',
        `What to do: Keep your version, or move it aside and roll back: \`moult rollback ${taskId} --force\`.`,
        'Next: {"action":"plan"} makes a new plan, of the files as they are now',
      ),
    );
  });

  it('a project without checks', async () => {
    const { connect } = await served({ config: { checks: [] } });
    const client = await connect('2026-07-28');
    const { text } = await client.call({ action: 'plan', description: 'x', changes: [change] });
    expect(text).toBe(
      lines(
        'Refused (NO_CHECKS): Nothing would judge the change: there are no checks',
        'What to do: Give package.json a build, lint or test script, or list `checks` in moult.config.json (`moult init` writes one).',
      ),
    );
  });
});
