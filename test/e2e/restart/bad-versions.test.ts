import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { repository } from '../../support/built-package.js';
import { SupervisedProject, version, type Running } from './supervised-project.js';

let project: SupervisedProject;
let guard: Running;

beforeAll(async () => {
  project = await SupervisedProject.make({ readyWithinMs: 6_000, confirmAfterMs: 2_600 });
  project.environment = { NODE_OPTIONS: '--max-old-space-size=60' };
  const modules = path.join(project.root, 'node_modules');
  fs.mkdirSync(path.join(modules, 'moult'), { recursive: true });
  fs.cpSync(path.join(repository, 'dist'), path.join(modules, 'moult/dist'), {
    recursive: true,
    filter: (file) => !file.endsWith('.map'),
  });
  fs.copyFileSync(path.join(repository, 'package.json'), path.join(modules, 'moult/package.json'));
  for (const name of fs.readdirSync(path.join(repository, 'node_modules')))
    if (!name.startsWith('.'))
      fs.symlinkSync(path.join(repository, 'node_modules', name), path.join(modules, name));
  // The guard is started by the moult of the project, which is about to be deleted.
  guard = await project.supervise(path.join(modules, 'moult/dist/cli/main.js'));
}, 120_000);
afterAll(() => project.remove());

const deletes = (what: string) => `
import { rmSync } from 'node:fs';
rmSync(${JSON.stringify(what)}, { recursive: true, force: true });
throw new Error('broken');
export const behave = null;`;

const bad: [how: string, code: string, why: RegExp][] = [
  [
    'throws at import',
    "export const behave = null; throw new Error('boom');",
    /exited with code 1 before it was ready/,
  ],
  ['hangs at start', 'export const behave = null; for (;;);', /was not ready within 6 s/],
  [
    'listens, and then dies after two seconds',
    'export const behave = null; setTimeout(() => process.exit(3), 2_000);',
    /exited with code 3 after it was ready/,
  ],
  ['answers 500', 'export const behave = () => ({ status: 500 });', /not ready within 6 s.*answered 500/],
  [
    'leaks until it is killed',
    `const kept = [];
const leak = () => kept.push(Array.from({ length: 100_000 }, () => ({ n: Math.random() })));
setTimeout(() => setInterval(leak, 1), 500);
export const behave = null;`,
    /was ended by SIGABRT|exited with code|did not answer/,
  ],
  [
    'is not well, and ignores SIGTERM',
    `process.on('SIGTERM', () => undefined);
let answers = 0;
export const behave = () => ({ status: answers++ < 2 ? 200 : 503 });`,
    /answered 503/,
  ],
  ['breaks node_modules', deletes('node_modules/zod'), /exited with code 1/],
  ['deletes moult from node_modules', deletes('node_modules/moult'), /exited with code 1/],
];

it.each(bad)('a new version that %s is taken back', async (_, code, why) => {
  const before = project.read('version.js');
  const taskId = await project.changeVersion(version('bad', code));
  await project.restartIsOver(taskId);
  expect(await project.text(), guard.log()).toBe('first');
  expect(project.read('version.js')).toBe(before);
  const { status, because } = await project.result(taskId);
  expect(status).toBe('rolled_back');
  expect(because).toMatch(why);
  expect(project.restart()?.value).toBe('reverted');
});

it('a new version without its package.json is taken back', async () => {
  const before = project.read('package.json');
  const taskId = await project.change([{ file: 'package.json', type: 'delete' }, broken]);
  await project.restartIsOver(taskId);
  expect(await project.text(), guard.log()).toBe('first');
  expect(project.read('package.json')).toBe(before);
  expect((await project.result(taskId)).status).toBe('rolled_back');
});
const broken = {
  file: 'version.js',
  type: 'modify',
  content: version('bad', "throw new Error('broken'); export const behave = null;"),
};

it('after all that, the guard still restarts onto a good version, and ends as the program ends', async () => {
  const taskId = await project.changeVersion(version('good'));
  await project.restartIsOver(taskId);
  expect(await project.text()).toBe('good');
  expect((await project.result(taskId)).status).toBe('completed');
  guard.process.kill('SIGTERM');
  expect(await guard.ended).toEqual({ code: 0, signal: null });
});
