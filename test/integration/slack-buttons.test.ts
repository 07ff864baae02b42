import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { slackInteractions, type SlackInteractionsOptions } from '../../src/index.js';
import { CollectingLogger } from './support/collecting-logger.js';
import { change, environment, slackProject, type SlackProject } from './support/slack-project.js';

const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5';

interface Button {
  action_id: string;
  value: string;
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A project whose plans wait, the endpoint for the buttons, and Slack's place for answers to clicks. */
async function decidingProject(keys: object = {}, secrets: Record<string, string> = environment) {
  const project = await slackProject();
  const config = JSON.parse(
    JSON.stringify(project.config({ buttons: true, ...keys }, { requireApproval: 'always' })),
  ) as Record<string, unknown>;
  const service = project.told({ config, environment: { HOOK: `${project.slack.url}/hook`, ...secrets } });
  const logger = new CollectingLogger();
  const answers: Record<string, unknown>[] = [];
  const responseUrl = await listening(
    createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        answers.push(JSON.parse(text) as Record<string, unknown>);
        response.end('ok');
      });
    }),
  );
  const handled: Promise<void>[] = [];
  const open = async (options: Partial<SlackInteractionsOptions> = {}) => {
    const handler = slackInteractions({ signingSecret, service, logger, ...options });
    return listening(createServer((request, response) => void handled.push(handler(request, response))));
  };
  const settled = () => Promise.all(handled);
  return { ...project, service, logger, answers, responseUrl, open, settled };
}

function buttonsOf({ slack }: Pick<SlackProject, 'slack'>): Record<string, Button> {
  const actions = slack.cards()[0]!.blocks.filter(({ type }) => type === 'actions');
  const buttons = actions.flatMap(({ elements = [] }) => elements) as unknown as Button[];
  return Object.fromEntries(buttons.map((button): [string, Button] => [button.action_id, button]));
}

function clickOn(button: Button, responseUrl: string, more: object = {}): string {
  const payload = {
    type: 'block_actions',
    user: { id: 'U123', username: 'ann' },
    actions: [{ action_id: button.action_id, value: button.value, type: 'button' }],
    response_url: responseUrl,
    ...more,
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

function send(url: string, body: string, { secret = signingSecret, at = Date.now(), signature = '' } = {}) {
  const timestamp = String(Math.floor(at / 1000));
  const own = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signature || own,
    },
    body,
  });
}

test('a click on Approve approves the plan that was shown, by who clicked, and the message changes', async () => {
  const project = await decidingProject();
  const taskId = await project.service.planImprovement(change);
  await project.service.flushNotices(20_000);
  const url = await project.open();
  const { moult_approve: approve } = buttonsOf(project);
  const began = Date.now();
  expect((await send(url, clickOn(approve!, project.responseUrl))).status).toBe(200);
  expect(Date.now() - began).toBeLessThan(3_000);
  await project.settled();
  const details = await project.service.describeImprovement(taskId);
  expect(details.state).toBe('planning.ready');
  await project.service.flushNotices(20_000);
  expect(project.slack.replies().at(-1)!.text).toContain('By ann (Slack U123)');
  expect(buttonsOf(project)).toEqual({});
  expect(project.answers).toEqual([]);
});

test('a click on Reject drops the plan', async () => {
  const project = await decidingProject();
  const taskId = await project.service.planImprovement(change);
  await project.service.flushNotices(20_000);
  const url = await project.open();
  await send(url, clickOn(buttonsOf(project).moult_reject!, project.responseUrl));
  await project.settled();
  expect(await project.service.describeImprovement(taskId)).toMatchObject({ status: 'cancelled' });
});

test('an answer that comes too late, or for another plan, is told to who clicked, and to nobody else', async () => {
  const project = await decidingProject();
  const taskId = await project.service.planImprovement(change);
  await project.service.flushNotices(20_000);
  const url = await project.open();
  const { moult_approve: approve } = buttonsOf(project) as { moult_approve: Button };
  const other = { ...approve, value: approve.value.replace(/"plan":"[^"]+"/, '"plan":"another"') };
  await send(url, clickOn(other, project.responseUrl));
  await project.settled();
  expect(await project.service.describeImprovement(taskId)).toMatchObject({
    state: 'planning.awaiting_approval',
  });
  await project.service.cancelImprovement();
  await send(url, clickOn(approve, project.responseUrl));
  await project.settled();
  expect(project.answers).toMatchObject([
    {
      response_type: 'ephemeral',
      replace_original: false,
      text: expect.stringContaining('another plan') as string,
    },
    {
      response_type: 'ephemeral',
      replace_original: false,
      text: expect.stringContaining('cancelled') as string,
    },
  ]);
});

test('only those who may decide', async () => {
  const project = await decidingProject();
  const taskId = await project.service.planImprovement(change);
  await project.service.flushNotices(20_000);
  const url = await project.open({ allowedUsers: ['U999'] });
  await send(url, clickOn(buttonsOf(project).moult_approve!, project.responseUrl));
  await project.settled();
  expect(await project.service.describeImprovement(taskId)).toMatchObject({
    state: 'planning.awaiting_approval',
  });
  expect(project.answers).toMatchObject([{ text: 'You may not decide about improvements of this project.' }]);
});

test('what Slack did not sign, or long ago, decides nothing', async () => {
  const project = await decidingProject();
  const taskId = await project.service.planImprovement(change);
  await project.service.flushNotices(20_000);
  const url = await project.open();
  const body = clickOn(buttonsOf(project).moult_approve!, project.responseUrl);
  const statuses = [
    await send(url, body, { secret: 'another' }),
    await send(url, body, { signature: 'v0=' }),
    await send(url, body, { at: Date.now() - 6 * 60_000 }),
    await send(url, body, { at: Date.now() + 6 * 60_000 }),
    await fetch(url, { method: 'POST', body }),
    await fetch(url),
    await send(url, 'x'.repeat(2 * 1024 * 1024)).catch(() => ({ status: 413 })),
  ].map(({ status }) => status);
  expect(statuses).toEqual([401, 401, 401, 401, 401, 405, 413]);
  const others = [
    'payload=nonsense',
    '',
    clickOn({ action_id: 'other', value: '{}' }, project.responseUrl),
    clickOn(
      { action_id: 'moult_approve', value: '{"task":"../../x","plan":"y","shownIn":"thread"}' },
      project.responseUrl,
    ),
  ];
  for (const other of others) expect((await send(url, other)).status).toBe(200);
  await project.settled();
  expect(await project.service.describeImprovement(taskId)).toMatchObject({
    state: 'planning.awaiting_approval',
  });
  expect(project.answers).toEqual([]);
});

test('a message of an incoming webhook is replaced by the answer: nobody else could', async () => {
  const project = await decidingProject({ channel: undefined, apiUrl: undefined, webhookUrlEnv: 'HOOK' });
  await project.service.planImprovement(change);
  await project.service.flushNotices(20_000);
  const [message] = project.slack.messages;
  const url = await project.open();
  await send(url, clickOn(buttonsOf(project).moult_approve!, project.responseUrl, { message }));
  await project.settled();
  const [answer] = project.answers as [
    { replace_original: boolean; blocks: { type: string }[]; text: string },
  ];
  expect(answer).toMatchObject({ replace_original: true, text: 'Approved by <@U123>' });
  expect(answer.blocks.map(({ type }) => type)).not.toContain('actions');
});
