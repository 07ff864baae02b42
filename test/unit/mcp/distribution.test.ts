import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { toolName } from '../../../src/mcp/tool-schema.js';

const repository = path.resolve(import.meta.dirname, '../../..');
const read = (name: string) =>
  JSON.parse(readFileSync(path.join(repository, name), 'utf8')) as Record<string, unknown>;
const own = read('package.json') as {
  name: string;
  version: string;
  mcpName: string;
  bin: { moult: string };
};

it('the entry for the MCP registry says what package.json says', () => {
  const server = read('docs/mcp/server.json');
  expect(server).toMatchObject({
    name: own.mcpName,
    version: own.version,
    packages: [{ identifier: own.name, version: own.version }],
  });
  // What the registry takes.
  expect(String(server.description).length).toBeLessThanOrEqual(100);
  expect(own.mcpName).toMatch(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/);
});

it('the manifest of the bundle names the version, the tool and the program that there are', () => {
  const program = path.posix.join('node_modules', own.name, own.bin.moult);
  expect(read('docs/mcp/manifest.json')).toMatchObject({
    version: own.version,
    tools: [{ name: toolName }],
    server: {
      entry_point: program,
      mcp_config: { args: [`\${__dirname}/${program}`, '--root', '${user_config.project}', 'mcp'] },
    },
  });
});
