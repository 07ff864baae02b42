import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { repository } from '../../support/built-package.js';
import { namedBlocks } from '../../support/named-blocks.js';
import { SupervisedProject, version } from './supervised-project.js';

/** The figure in docs/restart.md is of 20: `MOULT_DRAINS=20 npx vitest run test/e2e/restart/draining.test.ts`. */
const restarts = Number(process.env.MOULT_DRAINS ?? 2);
const clients = 20;

/** As a server does that wants to lose nothing. Each answer takes a while. */
const server = `
import { createServer } from 'node:http';
import { drain } from './drain.js';
import { text } from './version.js';
const server = createServer((_, response) => {
  setTimeout(() => {
    if (server.isDraining) response.setHeader('connection', 'close');
    response.end(text);
  }, 10 + Math.random() * 90);
});
server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => drain(server).then(() => process.exit(0)));
`;

let project: SupervisedProject;
beforeAll(async () => {
  project = await SupervisedProject.make({ delayMs: 300 });
  project.write('drain.js', namedBlocks(repository, 'docs/restart.md').get('drain.js')!);
  project.write('server.js', server);
});
afterAll(() => project.remove());

it(
  'no request that somebody took on fails while the program is restarted',
  async () => {
    const guard = await project.supervise();
    const failed: string[] = [];
    let [answered, refused] = [0, 0];
    /** What each client was told last. */
    const told = new Map<number, string>();
    let isOver = false;
    const client = async (_: unknown, id: number) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      while (!isOver) {
        try {
          told.set(id, await ask(project.port, agent));
          answered += 1;
        } catch (error) {
          const { code, message } = error as NodeJS.ErrnoException;
          // Between the versions nobody listens; nobody took the request on.
          if (code === 'ECONNREFUSED') refused += 1;
          else failed.push(`${code}: ${message}`);
          await sleep(10);
        }
      }
      agent.destroy();
    };
    const load = Array.from({ length: clients }, client);
    const everybodyHears = (text: string) =>
      project.until(
        () => told.size === clients && [...told.values()].every((each) => each === text),
        `each client is told ${text}`,
      );
    await everybodyHears('first');
    for (let n = 1; n <= restarts; n += 1) {
      const text = `version ${n}`;
      const taskId = await project.change([{ file: 'version.js', type: 'modify', content: version(text) }]);
      await project.restartIsOver(taskId);
      expect(project.restart()?.value, guard.log()).toBe('confirmed');
      await everybodyHears(text);
    }
    isOver = true;
    await Promise.all(load);
    console.info(
      `${restarts} restarts under ${clients} keep-alive clients: ${answered} answered, ${failed.length} failed; ${refused} times nobody listened`,
    );
    expect(failed).toEqual([]);
    expect(refused).toBeGreaterThan(0);
  },
  restarts * 30_000 + 60_000,
);

function ask(port: number, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', agent }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve(body));
      response.on('error', reject);
    }).on('error', reject);
  });
}
