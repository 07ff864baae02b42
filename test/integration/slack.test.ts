import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { SlackServer, type SlackMessage } from '../support/slack-server.js';
import { failing } from './support/project.js';
import { change, environment, slackProject } from './support/slack-project.js';

const headerOf = ({ blocks }: SlackMessage) => (blocks[0]?.text as { text: string } | undefined)?.text;
const everyText = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(everyText);
const shown = (message: SlackMessage) => everyText(message.blocks).join('|');
const flush = 20_000;

describe('a bot', () => {
  test('keeps one message for an improvement, and tells each step in its thread, in order', async () => {
    const project = await slackProject();
    const service = project.told();
    await service.planImprovement(change);
    await service.executeImprovement();
    await service.flushNotices(flush);
    const [card, ...others] = project.slack.cards();
    expect(others).toEqual([]);
    expect(headerOf(card!)).toBe('Self-Improvement Completed');
    expect(shown(card!)).toContain('Planned › Started › Applied › Completed');
    const titles = project.slack.replies().map(({ text }) => text.split('\n')[0]);
    expect(titles).toEqual([
      'Self-Improvement Planned',
      'Self-Improvement Started',
      'Self-Improvement Applied',
      'Self-Improvement Check',
      'Self-Improvement Completed',
    ]);
    for (const reply of project.slack.replies()) expect(reply.thread_ts).toBe(card!.ts);
    expect(shown(project.slack.replies()[0]!)).toContain('src/a.ts');
    expect(project.logger.lines.filter((line) => /^(warn|error)/.test(line))).toEqual([]);
  });

  test('the emoji and titles of the seed arrive as such', async () => {
    const project = await slackProject();
    const service = project.told();
    await service.planImprovement(change);
    await service.flushNotices(flush);
    expect(project.slack.cards()[0]!.text).toContain('Self-Improvement Planned\n:wrench: *Tell about it*');
    expect(JSON.stringify(project.slack.cards()[0]!.blocks)).toContain('{"type":"emoji","name":"wrench"}');
  });

  test('tells what is urgent enough', async () => {
    const project = await slackProject();
    const config = project.config({ minUrgency: 'high' }, { checks: failing });
    const service = project.told({ config });
    await service.planImprovement(change);
    await service.executeImprovement();
    await service.flushNotices(flush);
    expect(project.slack.replies().map(({ text }) => text.split('\n')[0])).toEqual([
      'Self-Improvement Failed',
      'Self-Improvement Rolled Back',
    ]);
  });

  test('the report of a failure arrives, however long the log and the words are; the end of the log as a file', async () => {
    const project = await slackProject();
    const program = `for (let i = 0; i < 20000; i += 1) console.log('line ' + i + ' <!channel> & more'); process.exitCode = 1`;
    fs.writeFileSync(path.join(project.root, 'noisy.mjs'), program);
    const checks = [{ name: 'Noisy', type: 'custom', command: 'node noisy.mjs', required: true }];
    const service = project.told({ config: project.config({}, { checks }) });
    await service.planImprovement({ ...change, description: 'long '.repeat(2_000) });
    await service.executeImprovement();
    await service.flushNotices(flush);
    expect(project.slack.replies().map(({ text }) => text.split('\n')[0])).toContain(
      'Self-Improvement Failed',
    );
    const failed = project.slack.replies().find(({ text }) => text.startsWith('Self-Improvement Failed'))!;
    expect(shown(failed)).toContain('line 19999 <!channel> & more');
    const [file, ...more] = project.slack.files();
    expect(more).toEqual([]);
    expect(file!.content).toContain('line 19999 <!channel> & more');
    expect(file!.content.length).toBeGreaterThan(50_000);
    expect(project.logger.lines.filter((line) => line.includes('given up'))).toEqual([]);
  });

  test("nothing in a model's words is markup, or calls anybody", async () => {
    const project = await slackProject();
    const words =
      '<!channel> @here @channel <@U123> *bold* _it_ `code` ~no~ <https://evil.example|good.example> :tada: a & b\n> quote';
    const service = project.told();
    await service.planImprovement({ ...change, description: words });
    await service.flushNotices(flush);
    for (const { args } of project.slack.calls.filter(({ method }) => method === 'chat.postMessage')) {
      expect(args).toMatchObject({ parse: 'none', link_names: false });
      const text = String(args.text);
      expect(text).toContain('&lt;!channel&gt;');
      expect(text).toContain('a &amp; b');
      expect(text).not.toMatch(/<|>|@here|@channel/);
    }
    const [card] = project.slack.cards();
    const parsed = card!.blocks.filter(({ type }) => type !== 'rich_text' && type !== 'header');
    expect(JSON.stringify(parsed)).not.toMatch(/channel|evil|tada/);
    expect(JSON.stringify(card!.blocks)).not.toMatch(/"(user|usergroup|broadcast|link|channel)"/);
    expect(shown(card!)).toContain(words);
  });

  test('secrets are masked before they are on disk, and before they are sent', async () => {
    const project = await slackProject();
    const secret = 'hunter2hunter2hunter2';
    project.slack.fate = () => ({ status: 503 });
    const service = project.told({ environment: { ...environment, MY_PASSWORD: secret } });
    await service.planImprovement({
      ...change,
      description: `uses ${secret} and ${environment.SLACK_BOT_TOKEN}`,
    });
    await service.flushNotices(500);
    const queue = path.join(project.stateDirectory, 'outbox/slack/queue');
    const [name] = fs.readdirSync(queue);
    expect(fs.readFileSync(path.join(queue, name!), 'utf8')).toContain('uses *** and ***');
    project.slack.fate = () => undefined;
    await project.told().recover();
    await service.flushNotices(flush);
    expect(shown(project.slack.cards()[0]!)).toContain('uses *** and ***');
    expect(JSON.stringify(project.slack.messages)).not.toContain(secret);
  });

  test('where Slack does not take the blocks after all, the text arrives', async () => {
    const project = await slackProject();
    project.slack.fate = ({ args }) => (args.blocks ? { error: 'invalid_blocks' } : undefined);
    const service = project.told();
    await service.planImprovement(change);
    await service.flushNotices(flush);
    expect(project.slack.messages.map(({ text }) => text.split('\n')[0])).toEqual(
      Array(2).fill('Self-Improvement Planned'),
    );
  });

  test('where it may not upload files, the rest arrives', async () => {
    const project = await slackProject();
    project.slack.fate = ({ method }) =>
      method.startsWith('files.') ? { error: 'missing_scope' } : undefined;
    const service = project.told({
      config: project.config(
        {},
        { checks: [{ name: 'says', type: 'custom', command: 'sh -c "echo no; false"', required: true }] },
      ),
    });
    await service.planImprovement(change);
    await service.executeImprovement();
    await service.flushNotices(flush);
    expect(headerOf(project.slack.cards()[0]!)).toBe('Self-Improvement Rolled Back');
    expect(project.logger.lines.filter((line) => line.includes('could not be uploaded'))).toHaveLength(1);
  });

  test('somebody deletes the message: another one is posted', async () => {
    const project = await slackProject();
    const service = project.told();
    await service.planImprovement(change);
    await service.flushNotices(flush);
    project.slack.messages.length = 0;
    await service.cancelImprovement();
    await service.flushNotices(flush);
    expect(project.slack.cards().map(headerOf)).toEqual(['Self-Improvement Cancelled']);
  });
});

describe('trouble', () => {
  test('429 with Retry-After: it waits as long as it was asked to, and goes on in order', async () => {
    const project = await slackProject();
    let refused = 0;
    project.slack.fate = () =>
      (refused += 1) <= 2 ? { status: 429, headers: { 'retry-after': '2' } } : undefined;
    const service = project.told();
    await service.planImprovement(change);
    await service.cancelImprovement();
    await service.flushNotices(flush);
    const [first, second, third] = project.slack.calls;
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(1_990);
    expect(third!.at - second!.at).toBeGreaterThanOrEqual(1_990);
    expect(project.slack.methods().slice(0, 4)).toEqual(Array(4).fill('chat.postMessage'));
    expect(project.slack.replies().map(({ text }) => text.split('\n')[0])).toEqual([
      'Self-Improvement Planned',
      'Self-Improvement Cancelled',
    ]);
  });

  test.each([
    ['500', { status: 500, body: 'oops' }],
    ['an error of its own', { error: 'internal_error' }],
    ['no answer', 'lost before' as const],
    ['no answer, though it was done', 'lost after' as const],
  ])('%s: it is tried again, and nothing arrives twice', async (_, trouble) => {
    const project = await slackProject();
    const seen = new Map<string, number>();
    // The first call of each kind.
    project.slack.fate = ({ method }) => {
      seen.set(method, (seen.get(method) ?? 0) + 1);
      return seen.get(method) === 1 && method !== 'conversations.history' ? trouble : undefined;
    };
    const config = project.config({ timeoutMs: 300 });
    const service = project.told({ config });
    await service.planImprovement(change);
    await service.cancelImprovement();
    await service.flushNotices(40_000);
    expect(project.slack.cards()).toHaveLength(1);
    expect(headerOf(project.slack.cards()[0]!)).toBe('Self-Improvement Cancelled');
    expect(project.slack.replies().map(({ text }) => text.split('\n')[0])).toEqual([
      'Self-Improvement Planned',
      'Self-Improvement Cancelled',
    ]);
  });

  test('no network: the improvement does not notice; the next process tells', async () => {
    const project = await slackProject();
    const { port } = new URL(project.slack.url);
    const config = project.config();
    await project.slack.close();
    const service = project.told({ config });
    await service.planImprovement(change);
    expect(await service.executeImprovement()).toMatchObject({ status: 'completed' });
    const began = Date.now();
    await service.flushNotices(200);
    // Whoever waited for the delivery would wait for a day.
    expect(Date.now() - began).toBeLessThan(30_000);
    const queued = fs.readdirSync(path.join(project.stateDirectory, 'outbox/slack/queue'));
    expect(queued).toHaveLength(5);
    const again = await SlackServer.start(Number(port));
    try {
      const next = project.told({ config });
      await next.recover();
      await next.flushNotices(flush);
      expect(again.replies().map(({ text }) => text.split('\n')[0])).toHaveLength(5);
      expect(fs.readdirSync(path.join(project.stateDirectory, 'outbox/slack/queue'))).toEqual([]);
    } finally {
      await again.close();
    }
  });

  test('a Slack that never answers blocks no rollback', async () => {
    const project = await slackProject();
    project.slack.fate = () => 'lost before';
    const service = project.told({ config: project.config({ timeoutMs: 60_000 }, { checks: failing }) });
    await service.planImprovement(change);
    expect(await service.executeImprovement()).toMatchObject({ status: 'rolled_back' });
    await project.expectUntouched();
    expect(project.slack.calls).toHaveLength(1);
  });

  test('a wrong token: said once, nothing is lost, and the next process with a right one tells', async () => {
    const project = await slackProject();
    const service = project.told({ environment: { SLACK_BOT_TOKEN: 'xoxb-wrong-token-0000' } });
    await service.planImprovement(change);
    await service.cancelImprovement();
    await service.flushNotices(300);
    expect(project.logger.lines.filter((line) => line.includes('invalid_auth'))).toHaveLength(1);
    const next = project.told();
    await next.recover();
    await next.flushNotices(flush);
    expect(project.slack.replies()).toHaveLength(2);
  });

  test('no token: it says which variable to set', async () => {
    const project = await slackProject();
    const service = project.told({ environment: {} });
    await service.planImprovement(change);
    await service.flushNotices(300);
    expect(project.logger.lines.filter((line) => line.includes('SLACK_BOT_TOKEN'))).toHaveLength(1);
  });

  test('what waits is nobody else’s to read', async () => {
    const project = await slackProject();
    project.slack.fate = () => ({ status: 503 });
    const service = project.told();
    await service.planImprovement(change);
    await service.flushNotices(300);
    const outbox = path.join(project.stateDirectory, 'outbox');
    const files = fs.readdirSync(outbox, { recursive: true, withFileTypes: true });
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const { mode } = fs.statSync(path.join(file.parentPath, file.name));
      expect([file.name, mode & 0o77]).toEqual([file.name, 0]);
    }
  });

  test('two services send nothing twice, and in order', async () => {
    const project = await slackProject();
    const services = [project.told(), project.told(), project.told()];
    for (let round = 0; round < 3; round += 1) {
      await services[round]!.planImprovement(change);
      await services[(round + 1) % 3]!.cancelImprovement();
    }
    await Promise.all(services.map((service) => service.flushNotices(flush)));
    expect(project.slack.cards()).toHaveLength(3);
    expect(project.slack.replies().map(({ text }) => text.split('\n')[0])).toEqual(
      Array(3).fill(['Self-Improvement Planned', 'Self-Improvement Cancelled']).flat(),
    );
  });
});

describe('an incoming webhook', () => {
  const hookConfig = { channel: undefined, apiUrl: undefined, webhookUrlEnv: 'HOOK' };

  test('every step is a message', async () => {
    const project = await slackProject();
    const config = JSON.parse(JSON.stringify(project.config(hookConfig, { checks: failing }))) as Record<
      string,
      unknown
    >;
    const service = project.told({ config, environment: { HOOK: `${project.slack.url}/hook` } });
    await service.planImprovement(change);
    await service.executeImprovement();
    await service.flushNotices(flush);
    expect(project.slack.messages.map(headerOf)).toEqual([
      'Self-Improvement Planned',
      'Self-Improvement Started',
      'Self-Improvement Applied',
      'Self-Improvement Check',
      'Self-Improvement Failed',
      'Self-Improvement Rolled Back',
    ]);
  });

  test('429 and 500 are tried again; what got no answer is not, and that is said', async () => {
    const project = await slackProject();
    let calls = 0;
    project.slack.fate = () => {
      calls += 1;
      if (calls === 1) return { status: 429, headers: { 'retry-after': '1' }, body: 'rate_limited' };
      if (calls === 2) return { status: 500, body: 'rollup_error' };
      return calls === 3 ? 'lost before' : undefined;
    };
    const config = JSON.parse(JSON.stringify(project.config({ ...hookConfig, timeoutMs: 300 }))) as Record<
      string,
      unknown
    >;
    const service = project.told({ config, environment: { HOOK: `${project.slack.url}/hook` } });
    await service.planImprovement(change);
    await service.cancelImprovement();
    await service.flushNotices(flush);
    expect(project.slack.messages.map(headerOf)).toEqual(['Self-Improvement Cancelled']);
    expect(calls).toBe(4);
    expect(project.logger.lines.filter((line) => line.includes('may have arrived'))).toHaveLength(1);
  });
});
