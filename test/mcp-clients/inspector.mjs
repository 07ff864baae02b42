// The command line of the official inspector drives `moult mcp` from the plan to the rollback, over standard input and
// output and over HTTP. `npm run test:mcp-inspector`.
import assert from 'node:assert/strict';
import * as path from 'node:path';
import { readFileSync } from 'node:fs';
import { SelfImprove, serveHttp } from '../../dist/mcp/index.js';
import { exampleProject } from './example-project.mjs';
import { temporaryTools } from './temporary-tools.mjs';

const cli = path.resolve(import.meta.dirname, '../../dist/cli/main.js');
const tools = await temporaryTools('@modelcontextprotocol/inspector@2.12.0');
const project = exampleProject();
const selfImprove = new SelfImprove(project.root);
const serving = await serveHttp(selfImprove);
const ways = {
  stdio: ['--cwd', project.root, '--transport', 'stdio', process.execPath, cli, 'mcp'],
  http: [
    '--transport',
    'http',
    '--server-url',
    serving.url,
    '--header',
    `Authorization: Bearer ${serving.token}`,
  ],
};
try {
  for (const [name, target] of Object.entries(ways)) {
    for (const era of ['modern', 'legacy']) {
      await drive(['--protocol-era', era, ...target]);
      console.log(`${name}, ${era}: plan, execute, status, rollback`);
    }
  }
} finally {
  await serving.close();
  project.remove();
  tools.remove();
}

async function drive(target) {
  const inspect = async (...args) => {
    const { exitCode, stdout, output } = await tools.run('mcp-inspector', ['--cli', ...target, ...args]);
    assert.equal(exitCode, 0, output);
    return JSON.parse(stdout.slice(stdout.indexOf('{')));
  };
  const call = async (input) => {
    const args = Object.entries(input).flatMap(([key, value]) => [
      '--tool-arg',
      `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ]);
    const { structuredContent } = await inspect(
      '--method',
      'tools/call',
      '--tool-name',
      'self_improve',
      ...args,
    );
    return structuredContent;
  };
  const listed = await inspect('--method', 'tools/list', '--strict');
  assert.deepEqual(
    listed.tools.map(({ name }) => name),
    ['self_improve'],
  );
  const changes = [
    { file: 'src/greeting.js', type: 'modify', edits: [{ oldText: "'Hello'", newText: "'Hello, all'" }] },
  ];
  const { taskId } = await call({ action: 'plan', description: 'Greet everybody', changes });
  await call({ action: 'execute', taskId });
  // Over stdio each call is a server of its own: the one before went on until its work was done.
  const ended = await call({ action: 'status', taskId, waitMs: 30_000 });
  assert.equal(ended.state, 'completed', JSON.stringify(ended));
  const text = () => readFileSync(path.join(project.root, 'src/greeting.js'), 'utf8');
  assert.equal(text(), "export const greeting = 'Hello, all';\n");
  assert.equal((await call({ action: 'rollback', taskId })).state, 'rolled_back');
  assert.equal(text(), "export const greeting = 'Hello';\n");
}
