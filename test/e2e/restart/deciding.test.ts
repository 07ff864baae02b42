import * as fs from 'node:fs';
import { createServer } from 'node:http';
import * as path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { SafeRestartService } from '../../../src/safe-restart-service.js';
import { CollectingLogger } from '../../integration/support/collecting-logger.js';
import { builtCli } from '../../support/built-package.js';
import { SupervisedProject, version } from './supervised-project.js';

/** Says what it was told, and confirms itself when asked. */
const server = `
import { createServer } from 'node:http';
import { getSafeRestartService, SelfImprovementService } from 'moult';
import { text } from './version.js';
const restarts = getSafeRestartService();
const info = await restarts.resume();
const confirm = async () => (await new SelfImprovementService('.').confirmImprovement(info.taskId, { by: 'the program' }), 'done');
const answers = {
  '/': () => text,
  '/info': () => JSON.stringify({ ...info, isRestart: restarts.isRestart(), because: restarts.getRestartReason() }),
  '/confirm': confirm,
};
const server = createServer(async (request, response) =>
  response.writeHead(200, { connection: 'close' }).end(await answers[request.url]()));
server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
`;

async function projectWith(restart: Record<string, unknown>): Promise<SupervisedProject> {
  const project = await SupervisedProject.make(restart);
  project.linkMoult();
  project.write('server.js', server);
  return project;
}

const ask = async (project: SupervisedProject, place: string) =>
  (await fetch(`http://127.0.0.1:${project.port}${place}`)).text();
const restartsOf = ({ root }: SupervisedProject) =>
  new SafeRestartService(root, { isProgram: false, logger: new CollectingLogger() });
const change = (project: SupervisedProject, content: string) =>
  project.change([{ file: 'version.js', type: 'modify', content }]);
const waitsForPerson = (project: SupervisedProject) =>
  project.until(async () => {
    const { state, confirmBefore } = await restartsOf(project).getStatus();
    return state === 'confirming.awaiting_person' && Date.parse(confirmBefore ?? '') > Date.now();
  }, 'a person is waited for');

/** Receives webhooks; answers their types. */
async function receiver(): Promise<{ url: string; types: () => string[] }> {
  const types: string[] = [];
  const listening = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      types.push((JSON.parse(body) as { type: string }).type.replace('improvement.', ''));
      response.end();
    });
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void listening.close());
  const { port } = listening.address() as { port: number };
  return { url: `http://127.0.0.1:${port}/`, types: () => types };
}

function tellAll(project: SupervisedProject, url: string): void {
  const config = JSON.parse(project.read('moult.config.json')) as object;
  project.write('moult.config.json', JSON.stringify({ ...config, notify: { webhook: { url } } }));
  project.environment = { MOULT_WEBHOOK_SECRET: 'of the test' };
}

it('a person confirms by the command line, the program by the library, and nobody in time is a no', async () => {
  const project = await projectWith({ confirmBy: 'person' });
  onTestFinished(() => project.remove());
  const { url, types } = await receiver();
  tellAll(project, url);
  const guard = await project.supervise();
  expect(JSON.parse(await ask(project, '/info'))).toMatchObject({ kind: 'plain', isRestart: false });

  const second = await change(project, version('second'));
  await waitsForPerson(project);
  expect((await project.moult('confirm', second)).exitCode).toBe(0);
  await project.restartIsOver(second);
  expect((await project.end(second)).status).toBe('completed');

  const third = await change(project, version('third'));
  await waitsForPerson(project);
  const info = JSON.parse(await ask(project, '/info')) as { because: string };
  expect(info).toMatchObject({ kind: 'restart', taskId: third, why: null, attempt: 1, isRestart: true });
  expect(info.because).not.toBe('');
  expect(await ask(project, '/confirm')).toBe('done');
  await project.restartIsOver(third);
  expect(project.restart()?.value, guard.log()).toBe('confirmed');

  guard.process.kill('SIGTERM');
  await guard.ended;
  const config = JSON.parse(project.read('moult.config.json')) as { restart: object };
  const restart = { ...config.restart, confirmWithinMs: 500 };
  project.write('moult.config.json', JSON.stringify({ ...config, restart }));
  await project.supervise();
  const fourth = await change(project, version('fourth'));
  await project.restartIsOver(fourth);
  expect(await project.text()).toBe('third');
  expect(await project.end(fourth)).toMatchObject({
    status: 'rolled_back',
    because: expect.stringContaining('nobody confirmed it within 0.5 s') as string,
  });
  expect(JSON.parse(await ask(project, '/info'))).toMatchObject({
    ...{ kind: 'fallback', taskId: fourth, isRestart: true },
    why: expect.stringContaining('nobody confirmed it') as string,
  });
  // What the guard tells. The command line has no secret here: what it could not tell, the guard tells as well.
  await expect.poll(types, { timeout: 30_000 }).toEqual(expect.arrayContaining(['restarting', 'confirmed']));
  await expect.poll(types, { timeout: 30_000 }).toEqual(expect.arrayContaining(['rolled_back', 'reverted']));
}, 180_000);

it('in safe mode nothing is started, people are told, and it is left by hand', async () => {
  const project = await SupervisedProject.make();
  onTestFinished(() => project.remove());
  const { url, types } = await receiver();
  tellAll(project, url);
  const dies = "import { existsSync } from 'node:fs'; if (existsSync('broken')) throw new Error('spoiled');";
  project.write('version.js', version('first', `${dies} export const behave = null;`));
  const guard = await project.supervise();
  project.write('broken', '');
  const taskId = await change(project, version('second', "throw new Error('boom');"));
  expect((await guard.ended).code).toBe(78);
  expect(project.restart()?.value).toBe('safe_mode');
  expect((await project.end(taskId)).status).toBe('rolled_back');
  expect(types()).toEqual(expect.arrayContaining(['restarting', 'rolled_back', 'safe_mode']));
  const [key = ''] = fs.readdirSync(path.join(project.state, 'restart'));
  const said = project.read(`.moult/restart/${key}/SAFE-MODE.txt`);
  expect(said).toMatch(/new version, start 1.*\n.*old version, start 1/);
  expect(said).toContain('moult leave-safe-mode');

  fs.rmSync(path.join(project.root, 'broken'));
  const refused = project.start([builtCli, 'supervise', '--', process.execPath, 'server.js']);
  expect((await refused.ended).code).toBe(78);
  expect(project.programs()).toEqual([]);
  expect((await project.moult('leave-safe-mode')).exitCode).toBe(0);
  await project.supervise();
  expect(await project.text()).toBe('first');
}, 120_000);

it('a scheduled restart counts down, is the only one, and is cancelled by itself or with its improvement', async () => {
  const project = await SupervisedProject.make({ delayMs: 60_000 });
  onTestFinished(() => project.remove());
  const guard = await project.supervise();
  const programs = project.programs();
  const restarts = restartsOf(project);
  await restarts.scheduleRestart({ reason: 'another configuration' });
  const status = await restarts.getStatus();
  expect(status).toMatchObject({ state: 'scheduled', isPending: true, reason: 'another configuration' });
  expect(status.remainingMs).toBeGreaterThan(30_000);
  await expect
    .poll(async () => (await restarts.getStatus()).remainingMs, { timeout: 30_000 })
    .toBeLessThan(status.remainingMs ?? 0);
  const another = restarts.scheduleRestart({ reason: 'one more' });
  await expect(another).rejects.toMatchObject({ code: 'RESTART_PENDING' });
  expect(await restarts.cancelScheduledRestart()).toBe(true);
  expect(await restarts.cancelScheduledRestart()).toBe(false);
  expect(await restarts.getStatus()).toMatchObject({ isPending: false, remainingMs: null });

  expect(guard.process.exitCode, guard.log()).toBe(null);
  const taskId = await change(project, version('second'));
  expect((await restarts.getStatus()).isPending).toBe(true);
  expect((await project.moult('cancel', taskId)).exitCode).toBe(0);
  await project.until(async () => !(await restarts.getStatus()).isUnderWay, 'the restart is cancelled');
  expect(project.restart()).toMatchObject({ value: 'cancelled', context: { taskId } });
  expect(project.read('version.js')).toContain('first');
  expect(project.programs()).toEqual(programs);
}, 120_000);

it('a version that hangs before it says anything is counted by preboot, whoever ends it', async () => {
  const project = await projectWith({ strategy: 'exit', attemptsMax: 2 });
  onTestFinished(() => project.remove());
  // A supervisor with a watchdog, as systemd is.
  const supervisor = `
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
for (let round = 0; round < 10; round += 1) {
  if (spawnSync(process.execPath, ['.moult/guard.mjs', 'preboot'], { stdio: 'inherit' }).status !== 0) break;
  const timeout = existsSync('watched') ? 3_000 : undefined;
  spawnSync(process.execPath, ['server.js'], { stdio: 'inherit', timeout, killSignal: 'SIGKILL' });
}`;
  project.write('supervisor.js', supervisor);
  await project.moult('install-guard');
  const outside = project.start(['supervisor.js']);
  await project.until(async () => (await project.text()) === 'first', 'the program answers');
  const taskId = await change(project, version('second', 'for (;;);'));
  project.write('watched', '');
  await project.until(async () => (await project.end(taskId)).status === 'rolled_back', 'it is taken back');
  expect(project.read('version.js'), outside.log()).toContain('first');
  expect(await project.end(taskId)).toMatchObject({
    because: expect.stringContaining('2 starts failed') as string,
  });
}, 120_000);
