import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Driver } from './support/driver.js';
import { failing } from './support/project.js';
import { change, environment, slackProject, type SlackProject } from './support/slack-project.js';

let driver: Driver;
beforeAll(async () => {
  driver = await Driver.make();
});
afterAll(() => driver.remove());

const titles = ({ slack }: SlackProject) => slack.replies().map(({ text }) => text.split('\n')[0]!);
/** What waits. A draft of the killed process is no notice yet, and the next process has queued its own. */
const queueOf = (project: SlackProject, target: string) =>
  fs
    .readdirSync(path.join(project.stateDirectory, 'outbox', target, 'queue'))
    .filter((name) => !name.endsWith('.draft'));

/** Runs an improvement that fails; when Slack gets call number `call`, the process is killed without an answer. */
async function runAndKill(
  project: SlackProject,
  {
    call,
    lost,
    config,
  }: { call: number; lost: 'lost before' | 'lost after'; config: Record<string, unknown> },
  environmentOf: Record<string, string>,
): Promise<void> {
  const killed = new Promise<void>((resolve) => {
    project.slack.fate = () => {
      if (project.slack.calls.length < call) return undefined;
      // Not before Slack has done what it was asked for.
      setImmediate(() => void running.kill().then(resolve));
      project.slack.fate = () => undefined;
      return lost;
    };
  });
  const running = driver.start({
    ...{ root: project.root, config, do: 'run', request: change },
    ...{ environment: environmentOf, flushMs: 60_000 },
  });
  await killed;
}

/** The next process. */
async function goOn(
  project: SlackProject,
  config: Record<string, unknown>,
  secrets: Record<string, string>,
): Promise<void> {
  const end = await driver.run({
    ...{ root: project.root, config, do: 'recover', environment: secrets, flushMs: 20_000 },
  });
  expect(end).toMatchObject({ signal: null });
}

// Each call of such an improvement: the message, its first reply, a reply, an update, the upload in three calls.
describe.each(['lost before', 'lost after'] as const)(
  'killed while Slack has a call, which is %s it was carried out',
  (lost) => {
    test.each([1, 2, 4, 9, 11, 12])(
      'call %i: nothing arrives twice, and everything arrives',
      async (call) => {
        const project = await slackProject();
        const config = project.config(
          { timeoutMs: 5_000 },
          { checks: [{ ...failing[0]!, command: 'sh -c "echo why; false"' }] },
        );
        await runAndKill(project, { call, lost, config }, environment);
        await goOn(project, config, environment);
        expect(project.slack.cards()).toHaveLength(1);
        expect(titles(project)).toEqual([...new Set(titles(project))]);
        expect(titles(project)[0]).toBe('Self-Improvement Planned');
        expect(titles(project).at(-1)).toMatch(/Rolled Back|Cancelled|Planned/);
        expect(project.slack.files().length).toBe(
          titles(project).includes('Self-Improvement Failed') ? 1 : 0,
        );
        expect(queueOf(project, 'slack')).toEqual([]);
        const [card] = project.slack.cards();
        expect(card!.text.split('\n')[0]).toBe(titles(project).at(-1));
      },
    );
  },
);

test('killed while an incoming webhook has a call: it is not sent again, as nobody can know; the rest is', async () => {
  for (const lost of ['lost before', 'lost after'] as const) {
    const project = await slackProject();
    const secrets = { HOOK: `${project.slack.url}/hook` };
    const config = { checks: failing, notify: { slack: { webhookUrlEnv: 'HOOK' } } };
    await runAndKill(project, { call: 2, lost, config }, secrets);
    await goOn(project, config, secrets);
    const told = project.slack.messages.map(({ text }) => text.split('\n')[0]);
    expect(told).toEqual([...new Set(told)]);
    expect(told[0]).toBe('Self-Improvement Planned');
    expect(told.includes('Self-Improvement Started')).toBe(lost === 'lost after');
    expect(queueOf(project, 'slack-hook')).toEqual([]);
  }
});

test('several processes at once send nothing twice, and in order', async () => {
  const project = await slackProject();
  project.slack.fate = () => ({ status: 429, headers: { 'retry-after': '0' } });
  const config = project.config({}, { checks: failing });
  await driver.run({ root: project.root, config, do: 'run', request: change, environment, flushMs: 100 });
  expect(queueOf(project, 'slack')).toHaveLength(6);
  project.slack.fate = () => undefined;
  // One of them has the project's lock, and the others the outbox to themselves.
  const job = { root: project.root, config, do: 'recover', environment, flushMs: 20_000 } as const;
  await Promise.all([1, 2, 3].map(() => driver.run(job)));
  await driver.run(job);
  expect(project.slack.cards()).toHaveLength(1);
  expect(titles(project)).toEqual([
    'Self-Improvement Planned',
    'Self-Improvement Started',
    'Self-Improvement Applied',
    'Self-Improvement Check',
    'Self-Improvement Failed',
    'Self-Improvement Rolled Back',
  ]);
});

test('killed between what happened and the notice of it: the next process tells', async () => {
  for (const killAfterCalls of [5, 8, 14]) {
    const project = await slackProject();
    const config = project.config();
    const job = { root: project.root, config, environment, flushMs: 20_000 };
    await driver.run({ ...job, do: 'plan', request: change, killIn: 'planning.ready', killAfterCalls });
    await goOn(project, config, environment);
    const [{ state } = { state: 'none' }] = await project.service().listImprovements();
    const told = {
      'planning.ready': ['Self-Improvement Planned'],
      cancelled: ['Self-Improvement Cancelled'],
      none: [],
    };
    expect([state, titles(project)]).toEqual([state, told[state as keyof typeof told]]);
  }
});
