// A whole agent loop: gemini-cli, pointed at a scripted model on loopback, uses `moult mcp`. `npm run test:mcp-agent`.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { exampleProject } from './example-project.mjs';
import { temporaryTools } from './temporary-tools.mjs';

const cli = path.resolve(import.meta.dirname, '../../dist/cli/main.js');
const change = (oldText, newText) => ({
  action: 'plan',
  description: 'Greet everybody',
  changes: [{ file: 'src/greeting.js', type: 'modify', edits: [{ oldText, newText }] }],
});

/**
 * What the model does after each answer of the tool: a wrong edit, a change that the test refuses, then the right one.
 * It takes the id of the task from the text, as a model does.
 */
const script = [
  () => change("'Good day'", "'Hello, all'"),
  () => change("'Hello'", "'Bye'"),
  (text) => ({ action: 'execute', taskId: idIn(text) }),
  (text) => ({ action: 'status', taskId: idIn(text), waitMs: 30_000 }),
  () => change("'Hello'", "'Hello, all'"),
  (text) => ({ action: 'execute', taskId: idIn(text) }),
  (text) => ({ action: 'status', taskId: idIn(text), waitMs: 30_000 }),
];
const expected = [
  /EDIT_NOT_UNIQUE/,
  /is planned; no file has been touched/,
  /is under way|was taken back/,
  /was taken back[\s\S]*Error: greet people/,
  /is planned; no file has been touched/,
  /is under way|is completed/,
  /is completed: the changes are in place/,
];
const idIn = (text) => /si-\d+/.exec(text)?.[0] ?? 'si-0';

const tools = await temporaryTools('@google/gemini-cli@0.61.0');
const project = exampleProject();
const home = mkdtempSync(path.join(tmpdir(), 'moult-gemini-'));
const model = await scriptedModel();
try {
  mkdirSync(path.join(home, '.gemini'));
  writeFileSync(
    path.join(home, '.gemini/settings.json'),
    JSON.stringify({
      security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
      privacy: { usageStatisticsEnabled: false },
      general: { enableAutoUpdate: false },
      mcpServers: {
        moult: { command: process.execPath, args: [cli, 'mcp'], cwd: project.root, trust: true },
      },
    }),
  );
  const { exitCode, output } = await tools.run(
    'gemini',
    ['--prompt', 'Greet everybody', '--approval-mode', 'yolo', '--model', 'gemini-2.5-flash'],
    {
      cwd: project.root,
      env: {
        ...tools.env,
        HOME: home,
        GEMINI_API_KEY: 'none',
        GOOGLE_GEMINI_BASE_URL: model.url,
        GEMINI_TELEMETRY_ENABLED: 'false',
        GEMINI_CLI_TRUST_WORKSPACE: 'true',
      },
      timeout: 180_000,
    },
  );
  assert.equal(exitCode, 0, output);
  assert.equal(model.answers.length, expected.length, output);
  expected.forEach((pattern, index) => assert.match(model.answers[index], pattern));
  assert.match(output, /Everybody is greeted/);
  assert.equal(
    readFileSync(path.join(project.root, 'src/greeting.js'), 'utf8'),
    "export const greeting = 'Hello, all';\n",
  );
  console.log(`gemini-cli made ${model.answers.length} calls: refused, taken back, then completed.`);
} finally {
  await model.close();
  project.remove();
  rmSync(home, { recursive: true, force: true });
  tools.remove();
}

/** Speaks the part of the Gemini API that the agent uses, and says what the script says. */
async function scriptedModel() {
  const answers = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const asked = body === '' ? {} : JSON.parse(body);
      const streams = request.url.includes('streamGenerateContent');
      if (request.url.includes('countTokens')) return json(response, { totalTokens: 1 });
      const answer = reply(asked);
      if (!streams) return json(response, answer);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`data: ${JSON.stringify(answer)}\n\n`);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

  function reply({ contents = [], tools: offered = [] }) {
    const names = offered.flatMap(({ functionDeclarations = [] }) =>
      functionDeclarations.map(({ name }) => name),
    );
    const name = names.find((candidate) => candidate.endsWith('self_improve'));
    if (name === undefined) return candidate({ text: '{}' });
    const results = contents.flatMap(({ parts = [] }) =>
      parts.flatMap(({ functionResponse }) =>
        functionResponse ? [JSON.stringify(functionResponse.response)] : [],
      ),
    );
    answers.splice(0, answers.length, ...results);
    const next = script[results.length];
    return candidate(
      next ? { functionCall: { name, args: next(results.at(-1) ?? '') } } : { text: 'Everybody is greeted.' },
    );
  }

  return {
    answers,
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function candidate(part) {
  return {
    candidates: [{ index: 0, finishReason: 'STOP', content: { role: 'model', parts: [part] } }],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
  };
}

function json(response, value) {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
