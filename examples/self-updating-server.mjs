// A server improves itself, then breaks itself, and is back. A real guard watches it.
// Run it with: npm run build && node examples/self-updating-server.mjs
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withProject } from './with-project.mjs';

const here = import.meta.dirname;
const says = (text) => `export const greeting = () => '${text}';\n`;
const config = {
  checks: [{ name: 'Syntax', type: 'custom', command: 'node --check greeting.mjs' }],
  restart: { delayMs: 200, readyWithinMs: 20_000, confirmAfterMs: 500, attemptsMax: 2 },
};
const files = {
  'package.json': JSON.stringify({ name: 'greeter', private: true }),
  'moult.config.json': JSON.stringify(config),
  'server.mjs': await readFile(path.join(here, 'self-updating-server/server.mjs'), 'utf8'),
  'greeting.mjs': says('Hello'),
  '.gitignore': 'node_modules\n',
};

await withProject(files, async (root) => {
  await mkdir(path.join(root, 'node_modules'));
  await symlink(path.resolve(here, '..'), path.join(root, 'node_modules/moult'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const moult = path.join(root, 'node_modules/moult/dist/cli/main.js');
  const guard = spawn(process.execPath, [moult, 'supervise', '--', process.execPath, 'server.mjs'], {
    cwd: root,
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  guard.stderr.on('data', (chunk) => (log += chunk));
  const ended = new Promise((resolve) => guard.once('exit', (code) => resolve(code)));

  const ask = async () => (await fetch(url)).json();
  const change = async (content) => (await fetch(url, { method: 'POST', body: content })).json();
  /** Polls; a server that is being restarted does not answer. */
  const until = async (holds) => {
    for (const end = Date.now() + 60_000; ; await sleep(50)) {
      const answer = await ask().catch(() => null);
      if (answer && holds(answer)) return answer;
      if (Date.now() > end) throw new Error(`In vain:\n${log}`);
    }
  };

  try {
    await until(({ greeting }) => greeting === 'Hello');
    console.log('started:   Hello');

    const { status } = await change(says('Good day'));
    assert.equal(status, 'awaiting_confirmation');
    await until(({ greeting, kind }) => greeting === 'Good day' && kind === 'restart');
    await confirmed();
    console.log('improved:  Good day, and confirmed by its health');

    const { taskId } = await change(
      "throw new Error('I broke myself');\nexport const greeting = () => '';\n",
    );
    const { greeting, why } = await until(({ kind }) => kind === 'fallback');
    assert.equal(greeting, 'Good day');
    assert.match(why, /exited with code 1/);
    assert.equal(await readFile(path.join(root, 'greeting.mjs'), 'utf8'), says('Good day'));
    console.log(`broken:    ${taskId} was taken back, the server is back and knows why: ${why}`);
  } finally {
    guard.kill('SIGTERM');
    await ended;
  }

  /** The next change is refused until the last one is confirmed. */
  async function confirmed() {
    for (const end = Date.now() + 60_000; !log.includes(': confirmed'); await sleep(50))
      if (Date.now() > end) throw new Error(`In vain:\n${log}`);
  }
});

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
