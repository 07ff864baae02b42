import * as fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { createProgram } from '../../src/cli/create-program.js';
import { actions } from '../../src/mcp/tool-schema.js';
import { SelfImprove } from '../../src/mcp/self-improve.js';
import { serveHttp } from '../../src/mcp/serve-http.js';
import type { SelfImprovementService } from '../../src/self-improvement-service.js';
import { CollectingLogger } from '../integration/support/collecting-logger.js';
import { McpTestClient } from '../support/mcp-client.js';
import { passing, type AttackGround } from './attack-ground.js';
import { cliInProcess, type CliOptions } from '../support/cli-in-process.js';

const request = {
  description: 'x',
  targetFiles: ['src/b.ts'],
  requiresRestart: true,
  changes: [
    { file: 'src/a.ts', type: 'modify' as const, content: 'changed\n' },
    { file: 'made.txt', type: 'create' as const, content: 'made\n' },
    { file: 'embedded/made.txt', type: 'create' as const, content: 'made\n' },
  ],
};
/** Under it a plan waits for a yes, and a change for its confirmation, so that every verb has something to do. */
const deciding = { checks: passing, requireApproval: 'always', restart: { requireConfirmation: true } };
const by = 'Ann';

/** Each method of the service, on a plan of its own where it needs one. The type refuses a method that is missing. */
export async function useLibrary(ground: AttackGround): Promise<void> {
  const service = ground.service({ config: deciding });
  const failing = ground.service({ config: { checks: [{ name: 'no', type: 'custom', command: 'false' }] } });
  let taskId = '';
  const verbs: Record<keyof SelfImprovementService, () => unknown> = {
    planImprovement: async () => (taskId = await service.planImprovement(request)),
    approveImprovement: () => service.approveImprovement(taskId, { by }),
    executeImprovement: async () =>
      expect(await service.executeImprovement()).toMatchObject({ status: 'awaiting_confirmation' }),
    confirmImprovement: async () =>
      expect(await service.confirmImprovement(taskId, { by })).toMatchObject({ status: 'completed' }),
    describeImprovement: async () =>
      expect((await service.describeImprovement(taskId)).checkpoint).toMatchObject({ kind: 'git' }),
    rollbackImprovement: async () =>
      expect(await service.rollbackImprovement(taskId)).toMatchObject({ status: 'rolled_back' }),
    rejectImprovement: async () => {
      await service.rejectImprovement(await service.planImprovement(request), { by });
    },
    cancelImprovement: async () => {
      await service.cancelImprovement(await service.planImprovement(request));
      await failing.planImprovement(request);
      expect(await failing.executeImprovement()).toMatchObject({ status: 'rolled_back' });
    },
    recover: () => service.recover(),
    listImprovements: () => service.listImprovements(),
    collectGarbage: () => service.collectGarbage(),
    testNotices: () =>
      ground.service({ config: { checks: passing, notify: { console: true } } }).testNotices(),
    flushNotices: () => service.flushNotices(),
    view: () => service.view(),
    getState: () => service.getState(),
    actor: () => service.actor,
  };
  for (const verb of Object.values(verbs)) await verb();
}

/** Each command of the program, in an order in which each does its work. @returns the commands there are, and those that ran. */
export async function useCommandLine(ground: AttackGround): Promise<{ there: string[]; ran: string[] }> {
  const ran: string[] = [];
  const program = createProgram({ version: '0', write: () => undefined, run: () => Promise.resolve() });
  const run = async (code: number, args: string[], options: Partial<CliOptions> = {}) => {
    ran.push(args[0] ?? '');
    const ended = await cliInProcess(args, { cwd: ground.root, ...options });
    expect(ended.code, `moult ${args.join(' ')}\n${ended.stdout}\n${ended.stderr}`).toBe(code);
    return ended;
  };
  const [file, report] = [`${ground.outside}/request.json`, `${ground.outside}/report.html`];
  fs.writeFileSync(file, JSON.stringify(request));
  const made = async (verb: 'run' | 'plan') => {
    const { stdout, stderr } = await run(4, [verb, file]);
    return /si-\d+/.exec(stdout + stderr)?.[0] ?? 'none';
  };
  await run(0, ['init']);
  fs.writeFileSync(
    ground.at('moult.config.json'),
    JSON.stringify({ ...deciding, notify: { console: true } }),
  );
  const taskId = await made('run');
  await run(0, ['show', taskId]);
  await run(0, ['approve', taskId, '--by', by]);
  await run(4, ['execute']);
  await run(0, ['status']);
  await run(0, ['confirm']);
  await run(0, ['rollback', taskId]);
  await run(0, ['reject', await made('plan')]);
  await made('plan');
  await run(0, ['cancel']);
  await run(0, ['recover']);
  await run(0, ['history']);
  await run(0, ['gc']);
  await run(0, ['notify', 'test']);
  await run(0, ['inspect', '--export', report]);
  const untilItServes = { onOutput: (text: string, stop: () => void) => void (/http:/.test(text) && stop()) };
  await run(0, ['inspect'], untilItServes);
  await run(0, ['machine']);
  await run(0, ['mcp']);
  await run(0, ['mcp', '--http', '--port', '0'], untilItServes);
  await run(0, ['install-guard']);
  await run(0, ['supervise', '--', 'true']);
  await run(0, ['leave-safe-mode']);
  for (const made of [ground.at('moult.config.json'), file, report]) fs.rmSync(made);
  return { there: program.commands.map((command) => command.name()), ran };
}

/** Each action of the tool. @returns the actions there are, and those that ran. */
export async function useMcp(ground: AttackGround): Promise<{ there: string[]; ran: string[] }> {
  const ran: string[] = [];
  const config = { checks: passing, restart: { requireConfirmation: true } };
  const selfImprove = new SelfImprove(ground.root, { config, logger: new CollectingLogger() });
  const serving = await serveHttp(selfImprove, { port: 0 });
  const client = await McpTestClient.overHttp(serving, '2025-11-25');
  const call = async (input: { action: string } & Record<string, unknown>) => {
    ran.push(input.action);
    const { answer, text } = await client.call(input);
    expect(answer, text).toMatchObject({ ok: true });
    return answer as unknown as { taskId: string; status: string };
  };
  try {
    await call({ action: 'plan', ...request, dryRun: true });
    const { taskId } = await call({ action: 'plan', ...request });
    await call({ action: 'execute', taskId });
    while ((await call({ action: 'status', taskId })).status !== 'awaiting_confirmation') await sleep(50);
    await call({ action: 'confirm', taskId });
    await call({ action: 'rollback', taskId });
    await call({ action: 'plan', ...request });
    await call({ action: 'cancel' });
    await call({ action: 'history' });
  } finally {
    await client.close();
    await selfImprove.stop();
    await serving.close();
  }
  return { there: [...actions], ran };
}
