import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OuterSupervisor } from './outer-supervisor.js';
import { SupervisedProject, version } from './supervised-project.js';

/** Looks after its restarts itself. Tells how it was started, and prints that it was. */
const server = `
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { getSafeRestartService } from 'moult';
import { text } from './version.js';
writeFileSync('server.pid', String(process.pid));
const restarts = getSafeRestartService();
await restarts.resume();
const { pid, execArgv, env } = process;
const own = { pid, execArgv, args: process.argv.slice(2), cwd: process.cwd(), kept: env.KEPT };
const server = createServer((request, response) => response
  .writeHead(200, { connection: 'close' })
  .end(request.url === '/own' ? JSON.stringify(own) : text));
restarts.onShutdown(() => new Promise((resolve) => server.close(resolve)));
process.on('SIGTERM', () => process.exit(0));
server.listen(Number(process.env.PORT), '127.0.0.1', () => restarts.ready());
console.log(text + ' says so');
`;
const stop = `
import { readFileSync } from 'node:fs';
process.kill(Number(readFileSync('server.pid', 'utf8')), 'SIGTERM');
`;
const second = version('second');
const bad = version('third', "throw new Error('boom');");

let project: SupervisedProject;
const make = async (restart: Record<string, unknown>) => {
  project = await SupervisedProject.make(restart);
  project.linkMoult();
  project.write('server.js', server);
  project.write('stop.mjs', stop);
  project.write('.gitignore', 'server.pid\n');
  await project.installGuard();
};
const answers = (text: string) =>
  project.until(async () => (await project.text()) === text, `the ${text} version answers`);
const change = (content: string) => project.change([{ file: 'version.js', type: 'modify', content }]);
const own = async () =>
  (await (await fetch(`http://127.0.0.1:${project.port}/own`)).json()) as Record<string, unknown>;
const preboot = ['node', '.moult/guard.mjs', 'preboot'];

describe('a program that respawns', () => {
  beforeEach(() => make({ strategy: 'respawn' }));
  afterEach(() => project.remove());

  it('starts its successor as it was started itself, leaves when that is well, and comes back from a bad one', async () => {
    project.environment = { KEPT: 'yes' };
    const first = project.start(['--no-warnings', 'server.js', '--flag']);
    await answers('first');
    const before = await own();

    const good = await change(second);
    await project.restartIsOver(good);
    expect(await project.text(), first.log()).toBe('second');
    expect((await project.end(good)).status).toBe('completed');
    expect((await first.ended).code).toBe(0);
    const after = await own();
    expect({ ...after, pid: 0 }).toEqual({ ...before, pid: 0 });
    expect(before).toMatchObject({ execArgv: ['--no-warnings'], args: ['--flag'], kept: 'yes' });
    expect(after.pid).not.toBe(before.pid);
    expect(first.log()).toContain('second says so');
    // It looks after itself once the first one has left.
    await project.untilSomebodyIsInCharge();

    const taken = await change(bad);
    await project.restartIsOver(taken);
    expect(project.restart()?.value, first.log()).toBe('reverted');
    await answers('second');
    expect(project.read('version.js')).toBe(second);
    const { status, because } = await project.end(taken);
    expect([status, because]).toEqual([
      'rolled_back',
      expect.stringContaining('exited with code 1 before it was ready'),
    ]);
    await project.until(() => project.programs().length === 1, 'the one before it has left');
  });
});

describe('a program that a command restarts', () => {
  beforeEach(() => make({ strategy: 'custom', command: 'node stop.mjs' }));
  afterEach(() => project.remove());

  it('is ended by it, and falls back at the start after a bad one', async () => {
    const outer = new OuterSupervisor(project, {
      ...{ before: [preboot], main: ['node', 'server.js'], env: {} },
      startsAgain: () => true,
    });
    await answers('first');
    const good = await change(second);
    await project.restartIsOver(good);
    expect(await project.text()).toBe('second');
    expect((await project.end(good)).status).toBe('completed');

    const taken = await change(bad);
    await project.restartIsOver(taken);
    await answers('second');
    expect((await project.end(taken)).status).toBe('rolled_back');
    // Twice by the command, once by itself.
    expect(outer.ends.filter(([kind]) => kind === 'main').map(([, code]) => code)).toEqual([0, 0, 1]);
  });
});

describe('a program that exits', () => {
  beforeEach(() => make({ strategy: 'exit', exitCode: 99 }));
  afterEach(() => project.remove());

  it('does so with the code that is configured', async () => {
    const outer = new OuterSupervisor(project, {
      ...{ before: [preboot], main: ['node', 'server.js'], env: {} },
      startsAgain: (code) => code === 99,
    });
    await answers('first');
    const good = await change(second);
    await project.restartIsOver(good);
    expect(await project.text()).toBe('second');
    expect((await project.end(good)).status).toBe('completed');
    expect(outer.ends).toEqual([
      ['before', 0],
      ['main', 99],
      ['before', 0],
    ]);
  });
});
