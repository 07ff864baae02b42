import { describe, expect, it, vi } from 'vitest';
import { SupervisedProject } from './supervised-project.js';

// They wait more than they work.
vi.setConfig({ maxConcurrency: 6 });

const port = 'Number(process.env.PORT)';
/** Every version answers what it is; what else it does is in its code. */
const server = (text: string, more: string, { listens = true, status = '200' } = {}) => `
import { createServer } from 'node:http';
import { appendFileSync, writeFileSync } from 'node:fs';
const server = createServer((_, response) =>
  response.writeHead(${status}, { connection: 'close' }).end(${JSON.stringify(text)}));
process.on('SIGTERM', () => process.exit(0));
setInterval(() => undefined, 1_000);
const isReady = () => {
  ${more}
};
${listens ? `server.listen(${port}, '127.0.0.1', isReady);` : 'isReady();'}
`;

const ipc = "process.send('ready');";
const file = "writeFileSync(process.env.MOULT_READY_FILE, 'STATUS=serving\\nREADY=1\\n');";
const ownFile = "writeFileSync('run.ready', 'READY=1\\n');";
const dies = 'setTimeout(() => process.exit(3), 500);';
/** After the probe that found it ready. */
const closes = "server.once('connection', () => server.close());";

interface Kind {
  named: string;
  readiness: (port: number) => object;
  good: (text: string) => string;
  /** Gives no sign, or the wrong one. */
  never: { code: string; why: RegExp };
  /** Was ready, and is not well any more while it is watched; a file says nothing of that. */
  turns?: { code: string; why: RegExp };
}

const exits = /exited with code 3 after it was ready/;
const kinds: Kind[] = [
  {
    named: 'a message',
    readiness: () => ({ type: 'ipc' }),
    good: (text) => server(text, ipc),
    never: { code: server('mute', ''), why: /not ready within 5 s: it sent no message "ready"/ },
    turns: { code: server('dies', ipc + dies), why: exits },
  },
  {
    named: 'an answer to a GET',
    readiness: (at) => ({ type: 'http', url: `http://127.0.0.1:${at}/health` }),
    good: (text) => server(text, ''),
    never: {
      code: server('ill', '', { status: '503' }),
      why: /not ready within 5 s: http:\S+\/health answered 503/,
    },
    turns: {
      code: `let asked = 0;\n${server('turns ill', '', { status: 'asked++ ? 500 : 200' })}`,
      why: /http:\S+\/health answered 500/,
    },
  },
  {
    named: 'a port that accepts connections',
    readiness: (at) => ({ type: 'tcp', port: at }),
    good: (text) => server(text, ''),
    never: {
      code: server('deaf', '', { listens: false }),
      why: /not ready within 5 s: 127\.0\.0\.1:\d+: ECONNREFUSED/,
    },
    turns: { code: server('closes', closes), why: /127\.0\.0\.1:\d+: ECONNREFUSED/ },
  },
  {
    named: 'a command that ends with 0',
    readiness: () => ({ type: 'command', command: 'node health.mjs' }),
    good: (text) => server(text, ''),
    never: {
      code: server('ill', '', { status: '503' }),
      why: /not ready within 5 s: `node health.mjs` ended with 1/,
    },
    turns: {
      code: `let asked = 0;\n${server('turns ill', '', { status: 'asked++ ? 500 : 200' })}`,
      why: /`node health.mjs` ended with 1/,
    },
  },
  {
    named: 'a line in the file it is told of',
    readiness: () => ({ type: 'file' }),
    good: (text) => server(text, file),
    never: {
      code: server('starting', "appendFileSync(process.env.MOULT_READY_FILE, 'STATUS=READY=1 soon\\n');"),
      why: /not ready within 5 s: \S+ does not say READY=1/,
    },
  },
  {
    named: 'a line in a file of its own',
    readiness: () => ({ type: 'file', path: 'run.ready' }),
    good: (text) => server(text, ownFile),
    // What the version before it has written does not count.
    never: { code: server('mute', ''), why: /not ready within 5 s: \S+run\.ready: ENOENT/ },
  },
];

const health = `const { status } = await fetch('http://127.0.0.1:' + process.env.PORT);\nprocess.exit(status === 200 ? 0 : 1);\n`;

describe('ready is', () => {
  it.concurrent.each(kinds)(
    '$named: what gives it and keeps it up is confirmed, and nothing else',
    async ({ readiness, good, never, turns }) => {
      const project = await SupervisedProject.make(
        { readyWithinMs: 5_000, confirmAfterMs: 1_500 },
        readiness,
      );
      project.write('server.js', good('first'));
      project.write('health.mjs', health);
      project.write('.gitignore', '/run.ready\n');
      const change = (content: string) => project.change([{ file: 'server.js', type: 'modify', content }]);
      try {
        const guard = await project.supervise();
        const confirmed = await change(good('second'));
        await project.restartIsOver(confirmed);
        expect(project.restart()?.value, guard.log()).toBe('confirmed');
        expect(await project.text()).toBe('second');
        expect((await project.end(confirmed)).status).toBe('completed');

        for (const { code, why } of turns ? [never, turns] : [never]) {
          const taken = await change(code);
          await project.restartIsOver(taken);
          expect(project.restart()?.value, guard.log()).toBe('reverted');
          expect(await project.text(), guard.log()).toBe('second');
          expect(project.read('server.js')).toBe(good('second'));
          const { status, because } = await project.end(taken);
          expect(status).toBe('rolled_back');
          expect(because).toMatch(why);
        }
      } finally {
        await project.remove();
      }
    },
    180_000,
  );
});
