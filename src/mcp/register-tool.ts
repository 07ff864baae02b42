import { fromJsonSchema, isInputRequiredResult, type McpServer } from '@modelcontextprotocol/server';
import { answerSchema } from './answer.js';
import { handleCall } from './handle-call.js';
import type { SelfImprove } from './self-improve.js';
import { startTask } from './tasks-extension.js';
import { toolResult } from './tool-result.js';
import { annotations, inputSchema, toolDescription, toolName, toolTitle } from './tool-schema.js';

/** Every input gets to the tool, which then says what is wrong with it by code, place and remedy. */
const unchecked = {
  getValidator: () => (input: unknown) => ({
    valid: true as const,
    data: input as never,
    errorMessage: undefined,
  }),
};

/** Adds the tool to a server. */
export function registerTool(server: McpServer, selfImprove: SelfImprove): void {
  server.registerTool(
    toolName,
    {
      title: toolTitle,
      description: toolDescription,
      inputSchema: fromJsonSchema<unknown>(inputSchema, unchecked),
      outputSchema: answerSchema,
      annotations,
    },
    async (input, ctx) => {
      const answer = await handleCall(input, { selfImprove, server, ctx });
      if (isInputRequiredResult(answer)) return answer;
      const result = await toolResult(answer, { server, ctx, masker: selfImprove.host.masker });
      return startTask(answer, result, { selfImprove, server, ctx });
    },
  );
}
