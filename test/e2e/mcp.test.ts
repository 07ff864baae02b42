import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tempRepository, type TempRepository } from '../../src/testing/temp-repository.js';
import { builtCli, repository } from '../support/built-package.js';
import { eras, McpTestClient, type Era } from '../support/mcp-client.js';

let project: TempRepository;
beforeEach(async () => {
  project = await tempRepository();
});
afterEach(() => project.remove());

const plan = {
  action: 'plan',
  description: 'Two',
  changes: [{ file: 'src/a.ts', type: 'modify', edits: [{ oldText: 'a = 1', newText: 'a = 2' }] }],
};
const text = () => fs.readFileSync(path.join(project.root, 'src/a.ts'), 'utf8');
const configure = (config: object) => project.write('moult.config.json', JSON.stringify(config));
const passing = [{ name: 'passes', type: 'custom', command: 'true' }];
const patient = [
  {
    name: 'waits',
    type: 'custom',
    command: `node -e "setInterval(() => require('fs').existsSync('go') && process.exit(0), 20)"`,
  },
];

interface Session {
  client: McpTestClient;
  transport: StdioClientTransport;
}

/** Starts `moult mcp` as a client does. */
async function start(era: Era, options?: Parameters<typeof McpTestClient.connect>[2]): Promise<Session> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [builtCli, 'mcp'],
    cwd: project.root,
    stderr: 'ignore',
  });
  return { client: await McpTestClient.connect(transport, era, options), transport };
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe.each(eras)('moult mcp on standard input and output, in %s', (era) => {
  it('is driven from the plan to the rollback', async () => {
    await configure({ checks: passing });
    const { client } = await start(era);
    expect(client.client.getNegotiatedProtocolVersion()).toBe(era);
    const { taskId } = (await client.call(plan)).answer;
    await client.call({ action: 'execute', taskId });
    const ended = await client.call({ action: 'status', taskId, waitMs: 30_000 });
    expect(ended.answer).toMatchObject({ state: 'completed', result: { success: true } });
    expect(text()).toBe('export const a = 2;\n');
    const back = await client.call({ action: 'rollback', taskId });
    expect(back.answer.state).toBe('rolled_back');
    expect(text()).toBe('export const a = 1;\n');
    await client.close();
  });

  it('asks the person behind the client', async () => {
    await configure({ checks: passing, requireApproval: 'always' });
    const { client } = await start(era, { capabilities: { elicitation: { form: {} } } });
    const asked: string[] = [];
    client.client.setRequestHandler('elicitation/create', ({ params }) => {
      asked.push(params.message);
      return { action: 'accept', content: { decision: 'approve' } };
    });
    const { taskId } = (await client.call(plan)).answer;
    await client.call({ action: 'execute', taskId });
    const { answer } = await client.call({ action: 'status', taskId, waitMs: 30_000 });
    expect(answer.state).toBe('completed');
    expect(asked).toHaveLength(1);
    await client.close();
  });
});

describe('an improvement under way', () => {
  /** Runs one that waits in its check; resolves with the process id of its server. */
  async function underWay(): Promise<{ taskId: string; pid: number; session: Session }> {
    await configure({ checks: patient });
    const session = await start('2026-07-28');
    const { taskId } = (await session.client.call(plan)).answer;
    await session.client.call({ action: 'execute', taskId });
    await until(() => text() === 'export const a = 2;\n');
    return { taskId: taskId!, pid: session.transport.pid!, session };
  }

  it('is taken back by the next server when its own was killed', async () => {
    const { taskId, pid } = await underWay();
    process.kill(pid, 'SIGKILL');
    const { client } = await start('2026-07-28');
    await until(() => text() === 'export const a = 1;\n');
    const { answer } = await client.call({ action: 'status', taskId, waitMs: 30_000 });
    expect(answer).toMatchObject({ state: 'rolled_back', done: true });
    await client.close();
  });

  it('goes on to its end when the client closes its end', async () => {
    const { taskId, pid, session } = await underWay();
    const child = (session.transport as unknown as { _process: { stdin: { end: () => void } } })._process;
    child.stdin.end();
    await project.write('go', '');
    await until(() => !isAlive(pid));
    const { client } = await start('2026-07-28');
    const { answer } = await client.call({ action: 'status', taskId });
    expect(answer.state).toBe('completed');
    await client.close();
  });

  it('is taken back when the server is told to stop', async () => {
    const { taskId, pid } = await underWay();
    process.kill(pid, 'SIGTERM');
    await until(() => !isAlive(pid));
    expect(text()).toBe('export const a = 1;\n');
    const { client } = await start('2026-07-28');
    expect((await client.call({ action: 'status', taskId })).answer.state).toBe('cancelled');
    await client.close();
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A server that says how much it holds after a collection of garbage; the client is in another process. */
const measuredServer = `
import { SelfImprove, serveHttp } from ${JSON.stringify(path.join(repository, 'dist/mcp/index.js'))};
const selfImprove = new SelfImprove(process.argv[1]);
const { url, token } = await serveHttp(selfImprove);
process.send({ url, token });
process.on('message', async () => {
  await new Promise((resolve) => setTimeout(resolve, 300));
  gc();
  process.send(process.memoryUsage().heapUsed);
});
`;

it('1,000 polls that wait leave nothing in the memory of the server', async () => {
  await configure({ checks: patient });
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--input-type=module', '--eval', measuredServer, project.root],
    { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], cwd: project.root },
  );
  try {
    const told = <Message>() =>
      new Promise<Message>((resolve) => child.once('message', (it) => resolve(it as Message)));
    const client = await McpTestClient.overHttp(await told<{ url: string; token: string }>(), '2026-07-28');
    const { taskId } = (await client.call(plan)).answer;
    await client.call({ action: 'execute', taskId });
    const poll = async (rounds: number) => {
      for (let round = 0; round < rounds; round += 1) {
        const polls = Array.from({ length: 100 }, () =>
          client.call({ action: 'status', taskId, waitMs: 250 }),
        );
        expect((await Promise.all(polls)).every(({ answer }) => answer.done === false)).toBe(true);
      }
      const held = told<number>();
      child.send('measure');
      return held;
    };
    const before = await poll(2);
    const after = await poll(8);
    expect(after / before).toBeLessThan(1.1);
    await client.call({ action: 'cancel', taskId });
    await client.close();
  } finally {
    child.kill();
  }
});
