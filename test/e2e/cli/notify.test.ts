import { expect, onTestFinished, test } from 'vitest';
import { SlackServer } from '../../support/slack-server.js';
import { cliProject, passing, threeChanges } from './cli-project.js';
import { documentOf, lastLine, moult } from './moult.js';

const env = { SLACK_BOT_TOKEN: 'xoxb-test-token-0000' };

async function project(notify: (slack: SlackServer) => object) {
  const slack = await SlackServer.start();
  onTestFinished(() => slack.close());
  const made = await cliProject({ checks: [passing], notify: notify(slack) });
  onTestFinished(() => made.remove());
  const run = (args: string[], more: Record<string, string> = {}) =>
    moult(args, { cwd: made.root, env: { ...env, ...more } });
  return { ...made, slack, run };
}

const titles = ({ slack }: { slack: SlackServer }) => slack.replies().map(({ text }) => text.split('\n')[0]);

test('moult notify test sends one of each, and says what became of it', async () => {
  const { slack, run } = await project((at) => ({
    slack: at.config,
    webhook: { url: `${at.url}/sink` },
    console: true,
  }));
  const ended = await run(['notify', 'test', '--json'], { MOULT_WEBHOOK_SECRET: 'a secret' });
  expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining('Self-Improvement Test')]);
  expect(documentOf(ended)).toEqual({
    tests: ['slack', 'webhook', 'console'].map((target) => ({ target, delivered: true })),
  });
  expect(slack.cards().map(({ text = '' }) => text.split('\n')[0])).toContain('Self-Improvement Test');
});

test('what does not arrive is named with its reason and a remedy; the exit code is 2', async () => {
  const { run } = await project((at) => ({
    slack: { ...at.config, channel: 'C0OTHER' },
    webhook: { url: `${at.url}/nothing` },
    openTelemetry: true,
  }));
  const ended = await run(['notify', 'test']);
  expect(ended.code).toBe(2);
  expect(ended.stdout).toMatch(/slack: .*channel_not_found/);
  expect(ended.stdout).toMatch(/webhook: .*MOULT_WEBHOOK_SECRET/);
  expect(ended.stdout).toMatch(/openTelemetry: .*no SDK/);
  expect(lastLine(ended)).toMatch(/^hint: /);
});

test('without anybody to tell it is refused, and so is anything but a test', async () => {
  const { run } = await project(() => ({}));
  const ended = await run(['notify', 'test']);
  expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining('NOTICES_OFF')]);
  expect((await run(['notify', 'everybody'])).code).toBe(2);
});

test('the command line tells before it ends; what it could not tell, the next one does', async () => {
  const made = await project((at) => ({ slack: at.config }));
  const request = await made.request(threeChanges);
  made.slack.fate = () => ({ status: 503 });
  const began = Date.now();
  const planned = await made.run(['plan', request, '--json']);
  expect(planned.code).toBe(0);
  expect(made.slack.messages).toEqual([]);
  expect(Date.now() - began).toBeLessThan(20_000);
  made.slack.fate = () => undefined;
  expect((await made.run(['execute'])).code).toBe(0);
  for (let tries = 0; tries < 5 && titles(made).length < 5; tries += 1) await made.run(['recover']);
  expect(titles(made)).toEqual([
    'Self-Improvement Planned',
    'Self-Improvement Started',
    'Self-Improvement Applied',
    'Self-Improvement Check',
    'Self-Improvement Completed',
  ]);
  expect(made.slack.cards()).toHaveLength(1);
});
