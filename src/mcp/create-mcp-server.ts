import { McpServer } from '@modelcontextprotocol/server';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { registerSelfImprove } from './register-self-improve.js';
import type { SelfImprove } from './self-improve.js';
import { toolName } from './tool-schema.js';

const instructions = `The tool ${toolName} changes the source code of this project: action "plan", then "execute", then "status" until done. Use it instead of editing files yourself: what its checks refuse is taken back whole.`;

/** A whole MCP server for one project, with nothing but moult in it. One for each connection or request. */
export function createMcpServer(selfImprove: SelfImprove): McpServer {
  const server = new McpServer(
    { name: 'moult', title: 'moult', version: packageVersion() },
    { instructions, capabilities: { tools: { listChanged: false }, resources: { listChanged: false } } },
  );
  registerSelfImprove(server, selfImprove);
  return server;
}

let version: string | undefined;
function packageVersion(): string {
  // By the name of the package, which is right wherever the build puts this file.
  version ??= (
    JSON.parse(readFileSync(createRequire(import.meta.url).resolve('moult/package.json'), 'utf8')) as {
      version: string;
    }
  ).version;
  return version;
}
