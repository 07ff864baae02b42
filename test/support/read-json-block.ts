import { parseConfig } from '../../src/config/parse-config.js';
import { parseRequest } from '../../src/plan/parse-request.js';
import { ownIdentity } from '../../src/process/process-identity.js';
import { decodeEnvelope, encodeEnvelope, type SnapshotEnvelope } from '../../src/store/snapshot-envelope.js';

/** What kind of document of ours a JSON block shows; it is read by the code that reads such documents, which throws. */
export function readJsonBlock(
  code: string,
): 'request' | 'configuration' | 'envelope' | 'lock holder' | 'client' {
  const value = JSON.parse(code) as Record<string, unknown>;
  if ('changes' in value) {
    parseRequest(value);
    return 'request';
  }
  if ('mcpServers' in value) {
    readClient(value);
    return 'client';
  }
  if ('machineVersion' in value) {
    readEnvelope(value as SnapshotEnvelope);
    return 'envelope';
  }
  if ('bootId' in value) {
    const keys = [...Object.keys(ownIdentity()), 'since'].sort().join();
    if (Object.keys(value).sort().join() !== keys) throw new Error(`a lock holder has the keys ${keys}`);
    return 'lock holder';
  }
  parseConfig(value, 'the block');
  return 'configuration';
}

/** What an MCP client is told to start; the command line itself is looked at with those of the shell blocks. */
function readClient({ mcpServers }: Record<string, unknown>): void {
  for (const [name, server] of Object.entries(
    mcpServers as Record<string, { command: string; args: string[] }>,
  )) {
    const line = [server.command, ...server.args].join(' ');
    if (name !== 'moult' || line !== 'npx moult mcp') throw new Error(`moult is not started by ${line}`);
  }
}

function readEnvelope(envelope: SnapshotEnvelope): void {
  const { taskId, machineVersion, ...rest } = envelope;
  const bytes = encodeEnvelope({ taskId, machineVersion, ...rest });
  decodeEnvelope(bytes, { file: 'the block', taskId, machine: { version: machineVersion, steps: {} } });
}
