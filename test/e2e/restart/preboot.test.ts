import { mkdirSync, symlinkSync } from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { repository } from '../../support/built-package.js';
import { SupervisedProject, version } from './supervised-project.js';

const server = `
import { createServer } from 'node:http';
import { getSafeRestartService } from 'moult';
import { text } from './version.js';
const restarts = getSafeRestartService();
const { kind } = await restarts.resume();
const server = createServer((_, response) => response.writeHead(200, { connection: 'close' }).end(text + ' ' + kind));
restarts.onShutdown(() => new Promise((resolve) => server.close(resolve)));
server.listen(Number(process.env.PORT), '127.0.0.1', () => restarts.ready());
`;

/** What systemd, PM2, Docker and npm do: preboot, then the program, again and again; 78 ends it. */
const supervisor = `
import { spawnSync } from 'node:child_process';
const run = (...args) => spawnSync(process.execPath, args, { stdio: 'inherit' });
const guard = run(${JSON.stringify(path.join(repository, 'dist/cli/main.js'))}, 'install-guard').status === 0 && '.moult/guard.mjs';
for (let round = 0; round < 20; round += 1) {
  if (run(guard, 'preboot').status === 78) break;
  run('server.js');
}
`;

let project: SupervisedProject;
beforeAll(async () => {
  project = await SupervisedProject.make({ strategy: 'exit', attemptsMax: 2, readiness: { type: 'ipc' } });
  mkdirSync(path.join(project.root, 'node_modules'));
  symlinkSync(repository, path.join(project.root, 'node_modules/moult'));
  project.write('server.js', server);
  project.write('supervisor.js', supervisor);
});
afterAll(() => project.remove());

it('a program that somebody else starts confirms itself, or comes back as it was', async () => {
  const outside = project.start(['supervisor.js']);
  await project.until(async () => (await project.text()) === 'first plain', 'the program answers');

  const good = await project.changeVersion(version('second'));
  await project.restartIsOver(good);
  expect(await project.text(), outside.log()).toBe('second restart');
  expect((await project.result(good)).status).toBe('completed');

  const bad = await project.changeVersion(version('third', "throw new Error('boom');"));
  await project.until(async () => (await project.text()) === 'second fallback', 'the old version answers');
  await project.restartIsOver(bad);
  expect(project.restart()?.value, outside.log()).toBe('reverted');
  expect((await project.result(bad)).status).toBe('rolled_back');
});
