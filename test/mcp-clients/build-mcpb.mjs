// Builds dist/moult.mcpb, validates it by the official tool, unpacks it and has the server in it answer. `npm run mcpb`.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { exampleProject } from './example-project.mjs';
import { run, temporaryTools } from './temporary-tools.mjs';

const repository = path.resolve(import.meta.dirname, '../..');
const bundle = path.join(repository, 'dist/moult.mcpb');
const manifest = JSON.parse(readFileSync(path.join(repository, 'docs/mcp/manifest.json'), 'utf8'));
const own = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8'));
const work = mkdtempSync(path.join(tmpdir(), 'moult-mcpb-'));
const tools = await temporaryTools('@anthropic-ai/mcpb@2.1.2');
const project = exampleProject();
try {
  rmSync(bundle, { force: true });
  const stage = path.join(work, 'stage');
  mkdirSync(stage);
  copyFileSync(path.join(repository, 'docs/mcp/manifest.json'), path.join(stage, 'manifest.json'));
  writeFileSync(path.join(stage, 'package.json'), '{ "private": true, "type": "module" }');
  const packed = await done(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', work], { cwd: repository }),
  );
  const [{ filename }] = JSON.parse(packed.stdout);
  const flags = [
    '--omit=dev',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--install-links',
  ];
  const packages = [path.join(work, filename), `xstate@${own.devDependencies.xstate}`];
  await done(run('npm', ['install', ...flags, ...packages], { cwd: stage }));
  await done(tools.run('mcpb', ['validate', path.join(stage, 'manifest.json')]));
  await done(tools.run('mcpb', ['pack', stage, bundle]));

  const unpacked = path.join(work, 'unpacked');
  await done(tools.run('mcpb', ['unpack', bundle, unpacked]));
  const { command, args } = manifest.server.mcp_config;
  const filled = args.map((arg) =>
    arg.replace('${__dirname}', unpacked).replace('${user_config.project}', project.root),
  );
  assert.equal(await firstTool(command, filled), 'self_improve');
  console.log(
    `${path.relative(repository, bundle)}: ${Math.round(statSync(bundle).size / 1024)} KB, valid, and its server answers.`,
  );
} finally {
  rmSync(work, { recursive: true, force: true });
  project.remove();
  tools.remove();
}

async function done(running) {
  const end = await running;
  assert.equal(end.exitCode, 0, end.output);
  return end;
}

/** Starts the server as a client does, and asks what tool it has. */
function firstTool(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    let output = '';
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`The server ended: ${output}`)));
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const answers = output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
      const tools = answers.find(({ id }) => id === 2)?.result.tools;
      if (!tools) return;
      resolve(tools[0].name);
      child.stdin.end();
    });
    const clientInfo = { name: 'bundle', version: '1' };
    send({
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
    });
    send({ method: 'notifications/initialized' });
    send({ id: 2, method: 'tools/list' });
  });
}
