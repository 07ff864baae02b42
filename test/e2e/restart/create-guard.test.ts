import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGuard } from '../../../src/index.js';
import { CollectingLogger } from '../../integration/support/collecting-logger.js';
import { SupervisedProject, version } from './supervised-project.js';

let project: SupervisedProject;
beforeAll(async () => {
  project = await SupervisedProject.make({ attemptsMax: 2 });
  // It knows nothing of moult.
  project.write(
    'server.js',
    `import { createServer } from 'node:http';
import { text } from './version.js';
const told = Object.entries(process.env).filter(([name]) => /^MOULT_(START|RESTART_)/.test(name));
const body = JSON.stringify({ text, ...Object.fromEntries(told) });
createServer((_, response) => response.writeHead(200, { connection: 'close' }).end(body))
  .listen(${project.port}, '127.0.0.1');
process.on('SIGTERM', () => process.exit(5));
`,
  );
});
afterAll(() => project.remove());

const told = async () => JSON.parse((await project.text()) ?? '{}') as Record<string, string>;
const change = async (content: string) => {
  const taskId = await project.change([{ file: 'version.js', type: 'modify', content }]);
  await project.restartIsOver(taskId);
  return taskId;
};

it('a guard in a process of your own does what `moult supervise` does, and the environment says why the program is started', async () => {
  const guard = createGuard({
    root: project.root,
    command: process.execPath,
    args: ['server.js'],
    logger: new CollectingLogger(),
  });
  const end = guard.run();
  await project.until(async () => (await project.text()) !== null, 'the program answers');
  expect(await told()).toEqual({ text: 'first', MOULT_START: 'plain' });

  const good = await change(version('second'));
  expect(project.restart()?.value).toBe('confirmed');
  expect(await told()).toEqual({
    text: 'second',
    MOULT_START: 'restart',
    MOULT_RESTART_ID: expect.stringMatching(/^rs-\d+$/) as string,
    MOULT_RESTART_TASK: good,
    MOULT_RESTART_REASON: 'Self-improvement: Another version',
    MOULT_RESTART_ATTEMPT: '1',
  });

  const bad = await change(version('third', 'process.exit(1);'));
  expect(project.restart()?.value).toBe('reverted');
  expect(await told()).toMatchObject({
    text: 'second',
    MOULT_START: 'fallback',
    MOULT_RESTART_TASK: bad,
    MOULT_RESTART_WHY: expect.stringMatching(/^2 starts failed; .*exited with code 1/) as string,
  });
  expect((await project.end(bad)).status).toBe('rolled_back');

  await guard.forward('SIGTERM');
  expect(await end).toEqual({ exitCode: 5, signal: null });
});
