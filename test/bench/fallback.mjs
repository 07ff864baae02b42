// How long the program is away when a new version fails: from the moment the guard sees it to the answer of the old version,
// less what the program itself needs to start. Both are measured in the same run.
import { spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const cli = path.resolve(import.meta.dirname, '../../dist/cli/main.js');
const rounds = Number(process.argv[2] ?? 5);
const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'moult-fallback-')));
const port = await freePort();
const write = (file, text) => writeFileSync(path.join(root, file), text);

write('package.json', JSON.stringify({ type: 'module' }));
write('text.js', "export const text = 'old';\n");
write(
  'server.js',
  `import { createServer } from 'node:http';
import { text } from './text.js';
createServer((_, response) => response.end(text)).listen(${port}, '127.0.0.1', () => process.send?.('ready'));
`,
);
write(
  'moult.config.json',
  JSON.stringify({
    checks: [{ name: 'ok', type: 'custom', command: 'true' }],
    restart: { delayMs: 0, confirmAfterMs: 200, attemptsMax: 1 },
  }),
);
write(
  'bad.json',
  JSON.stringify({
    description: 'bad',
    requiresRestart: true,
    changes: [
      { file: 'text.js', type: 'modify', content: "throw new Error('bad');\nexport const text = '';\n" },
    ],
  }),
);

const answers = () =>
  fetch(`http://127.0.0.1:${port}/`).then(
    async (response) => (await response.text()) === 'old',
    () => false,
  );
const untilAnswered = async () => {
  while (!(await answers())) await sleep(5);
};

const startMs = [];
for (let round = 0; round < rounds; round += 1) {
  const begin = performance.now();
  const server = spawn(process.execPath, ['server.js'], { cwd: root, stdio: 'ignore' });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  await untilAnswered();
  startMs.push(performance.now() - begin);
  server.kill('SIGKILL');
  await ended;
}

const guard = spawn(process.execPath, [cli, 'supervise', '--', process.execPath, 'server.js'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'pipe'],
});
const ended = new Promise((resolve) => guard.once('exit', resolve));
let waiting = [];
guard.stderr.on('data', (chunk) => {
  for (const wait of [...waiting]) if (String(chunk).includes(wait.text)) wait.resolve(performance.now());
});
const seen = (text) => new Promise((resolve) => waiting.push({ text, resolve }));

const fallbackMs = [];
await untilAnswered();
for (let round = 0; round < rounds; round += 1) {
  waiting = [];
  const detected = seen(': reverting.stopping');
  const over = seen(': reverted');
  const run = spawn(process.execPath, [cli, '--quiet', 'run', 'bad.json'], { cwd: root, stdio: 'ignore' });
  await new Promise((resolve) => run.once('exit', resolve));
  const begin = await detected;
  await untilAnswered();
  fallbackMs.push(performance.now() - begin);
  await over;
}
guard.kill('SIGTERM');
await ended;
rmSync(root, { recursive: true, force: true });

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const [start, fallback] = [median(startMs), median(fallbackMs)];
console.log(`the program's own start:              ${start.toFixed(0)} ms (median of ${rounds})`);
console.log(
  `detection until the old one answers:  ${fallback.toFixed(0)} ms, at most ${Math.max(...fallbackMs).toFixed(0)} ms`,
);
console.log(
  `of that, the guard and the rollback:  ${(fallback - start).toFixed(0)} ms; ${(fallback / start).toFixed(1)} times the start`,
);

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const free = server.address().port;
      server.close(() => resolve(free));
    });
  });
}
