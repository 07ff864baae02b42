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
await restarts.resume();
const own = process.pid + ' ' + process.execArgv.join(' ') + ' ' + process.argv.slice(2).join(' ');
const body = { '/': text, '/own': own };
const server = createServer((request, response) =>
  response.writeHead(200, { connection: 'close' }).end(body[request.url]));
restarts.onShutdown(() => new Promise((resolve) => server.close(resolve)));
server.listen(Number(process.env.PORT), '127.0.0.1', () => restarts.ready());
`;

let project: SupervisedProject;
beforeAll(async () => {
  project = await SupervisedProject.make({ strategy: 'respawn' });
  mkdirSync(path.join(project.root, 'node_modules'));
  symlinkSync(repository, path.join(project.root, 'node_modules/moult'));
  project.write('server.js', server);
});
afterAll(() => project.remove());

const own = async () => (await fetch(`http://127.0.0.1:${project.port}/own`)).text();

it('a program starts its successor as it was started, and leaves when that is well, or stays the old one', async () => {
  const first = project.start(['--no-warnings', 'server.js', '--flag']);
  await project.until(async () => (await project.text()) === 'first', 'the program answers');

  const good = await project.changeVersion(version('second'));
  await project.restartIsOver(good);
  expect(await project.text(), first.log()).toBe('second');
  expect((await project.result(good)).status).toBe('completed');
  expect((await first.ended).code).toBe(0);
  const [pid, ...rest] = (await own()).split(' ');
  expect(rest).toEqual(['--no-warnings', '--flag']);
  expect(Number(pid)).not.toBe(first.process.pid);
});
