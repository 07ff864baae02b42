import { trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { exportReport, inspectService } from '../../src/inspector/index.js';
import { uriOf, uriTemplates } from '../../src/mcp/resource-uris.js';
import { cliInProcess } from '../support/cli-in-process.js';
import { served } from './mcp/support.js';
import { ask } from './support/inspector-client.js';
import { slackProject } from './support/slack-project.js';

const secret = 'swordfish-4711-"quoted"';
const token = `ghp_${'a1B2c3D4e5'.repeat(3)}F6G7H8`;
const forms = [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  token,
  'own-pass-0815',
];
const checks = [
  {
    name: 'talks',
    type: 'custom',
    shell: true,
    command: `echo "p: $SERVICE_PASSWORD"; echo own-pass-0815 >&2; echo ${token}; exit 1`,
    env: { OWN_PASSWORD: 'own-pass-0815' },
  },
];
const request = {
  description: `Use ${token} and ${secret}`,
  targetFiles: [],
  requiresRestart: false,
  changes: [
    {
      file: 'src/a.ts',
      type: 'modify' as const,
      content: `${secret} ${token}\n`,
      description: `with ${secret}`,
    },
  ],
};

afterEach(() => {
  vi.unstubAllEnvs();
  trace.disable();
});

test('a planted secret is in no output that leaves the process', async () => {
  vi.stubEnv('SERVICE_PASSWORD', secret);
  vi.stubEnv('SLACK_BOT_TOKEN', 'xoxb-test-token-0000');
  vi.stubEnv('MOULT_WEBHOOK_SECRET', `whsec_${Buffer.alloc(24, 'k').toString('base64')}`);
  const spans = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }),
  );
  const project = await slackProject();
  const webhook = { url: `${project.slack.url}/sink` };
  const notify = { slack: { ...project.slack.config }, webhook, openTelemetry: true, console: true };
  const config = { checks, passEnv: ['SERVICE_PASSWORD'], notify, requireApproval: 'never' };
  fs.writeFileSync(project.at('moult.config.json'), JSON.stringify(config));

  // The improvement is made over MCP, so that what is told while it goes on is heard there as well.
  const outputs: Record<string, string> = {};
  const { connect, selfImprove } = await served({ config, logger: project.logger }, project);
  const client = await connect('2025-11-25');
  const call = async (input: { action: string } & Record<string, unknown>) => {
    const { text, answer } = await client.call(input);
    outputs[`mcp ${input.action}${input.dryRun === true ? ' dryRun' : ''}`] = text + JSON.stringify(answer);
    return answer as unknown as { taskId: string; done?: boolean };
  };
  await call({ action: 'plan', ...request, dryRun: true });
  const { taskId } = await call({ action: 'plan', ...request });
  await call({ action: 'execute', taskId });
  while ((await call({ action: 'status', taskId, waitMs: 30_000 })).done !== true);
  await call({ action: 'history' });
  const resources = [uriOf.improvement, uriOf.plan, uriOf.diff].map((uri) => uri(taskId));
  for (const uri of [...resources, uriOf.log(taskId, 'talks'), uriTemplates.history])
    outputs[`mcp ${uri}`] = await client.read(uri);

  const cli = async (...args: string[]) => {
    const { stdout, stderr } = await cliInProcess(args, { cwd: project.root });
    outputs[`moult ${args.join(' ')}`] = stdout + stderr;
  };
  const file = path.join(path.dirname(project.top), 'request.json');
  fs.writeFileSync(file, JSON.stringify(request));
  onTestFinished(() => fs.rmSync(file, { force: true }));
  for (const form of [[], ['--json']]) {
    for (const verb of ['status', 'history']) await cli(verb, ...form);
    await cli('show', taskId, ...form);
    await cli('run', file, ...form);
    await cli('plan', file, ...form);
    await cli('cancel', ...form);
  }

  const { service } = selfImprove;
  await service.flushNotices(20_000);
  outputs['result'] = JSON.stringify(await service.describeImprovement(taskId));
  outputs['report'] = await exportReport(service, taskId);
  const inspector = await inspectService(service, {});
  onTestFinished(() => inspector.close());
  const at = `api/improvements/${taskId}`;
  const more = ['timeline', 'files/0', 'checks/0/log'].map((name) => `${at}/${name}`);
  for (const address of ['api/session', 'api/improvements', at, ...more]) {
    const { status, text } = await ask(inspector, address);
    expect(status, address).toBe(200);
    outputs[`inspector ${address}`] = text;
  }

  outputs['log'] = project.logger.lines.join('\n');
  const told = (isWebhook: boolean) =>
    JSON.stringify(project.slack.calls.filter(({ method }) => (method === 'sink') === isWebhook));
  Object.assign(outputs, { slack: told(false), webhook: told(true) });
  outputs['spans'] = JSON.stringify(
    spans
      .getFinishedSpans()
      .map(({ name, attributes, status, events }) => [name, attributes, status, events]),
  );
  Object.assign(outputs, stateOf(project.stateDirectory));

  const holding = Object.entries(outputs).flatMap(([name, text]) =>
    forms.filter((form) => text.includes(form)).map((form) => `${name} holds ${form}`),
  );
  expect(holding).toEqual([]);
  // None of them was silent, and each says that something was there.
  expect(Object.entries(outputs).filter(([, text]) => text.length < 3)).toEqual([]);
  const masked = ['slack', 'webhook', 'report', `moult show ${taskId}`, `moult show ${taskId} --json`];
  for (const name of [...masked, 'mcp plan', `mcp ${uriOf.diff(taskId)}`, `inspector ${at}/files/0`])
    expect(outputs[name], name).toContain('***');
  for (const name of [`state tasks/${taskId}/plan.json`, `state tasks/${taskId}/logs/01-talks.log`])
    expect(outputs[name], name).toContain('***');
});

/** Every file of the state directory but the contents of the project's own files, which are kept as they are. */
function stateOf(folder: string): Record<string, string> {
  const files = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((name) => !/^checkpoints|(^|\/)(planned|before)\//.test(name));
  return Object.fromEntries(
    files.flatMap((name) => {
      const text = fs.readFileSync(path.join(folder, name), 'latin1');
      return text.length < 3 ? [] : [[`state ${name}`, text]];
    }),
  );
}
