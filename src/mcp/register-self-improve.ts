import type { McpServer } from '@modelcontextprotocol/server';
import { registerResources } from './register-resources.js';
import { registerTool } from './register-tool.js';
import type { SelfImprove } from './self-improve.js';
import { registerTasks } from './tasks-extension.js';

/** Adds the tool `self_improve` and the resources below `moult:` to a server of your own, before it is connected. */
export function registerSelfImprove(server: McpServer, selfImprove: SelfImprove): void {
  registerTool(server, selfImprove);
  registerResources(server, selfImprove);
  registerTasks(server, selfImprove);
}
