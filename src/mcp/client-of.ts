import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type ClientCapabilities,
  type Implementation,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { visibleLine } from '../wording/visible.js';

export interface McpClient {
  /** What it calls itself. */
  name: string;
  capabilities: ClientCapabilities;
}

/** Who called: a new client says it with each request, an old one said it when it connected. */
export function clientOf({ server }: McpServer, { mcpReq }: ServerContext): McpClient {
  const envelope = (mcpReq.envelope ?? {}) as {
    [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities;
    [CLIENT_INFO_META_KEY]?: Implementation;
  };
  const info = envelope[CLIENT_INFO_META_KEY] ?? server.getClientVersion();
  return {
    name: visibleLine(info?.name ?? 'an MCP client').slice(0, 100),
    capabilities: envelope[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities() ?? {},
  };
}
