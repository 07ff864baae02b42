import {
  TRACEPARENT_META_KEY,
  TRACESTATE_META_KEY,
  type CallToolResult,
  type ContentBlock,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { SecretMasker } from '../secrets/secret-masker.js';
import type { Answer } from './answer.js';
import { answerText } from './answer-text.js';
import { uriOf } from './resource-uris.js';

/** The first revision that knows links to resources in the content of a result. */
const linksSince = '2025-06-18';
/** What the protocol takes for granted where a request of an older revision does not say. */
const unsaidRevision = '2025-03-26';

/** An answer as a result of the tool: text for the model, the same for programs, links to what it speaks of. */
export async function toolResult(
  answer: Answer,
  { server, ctx, masker }: { server: McpServer; ctx: ServerContext; masker: SecretMasker },
): Promise<CallToolResult> {
  const masked = hasForeignText(answer) ? await masker.maskJson(answer) : masker.maskJsonValues(answer);
  const trace = traceOf(ctx);
  return {
    content: [
      { type: 'text', text: answerText(masked) },
      ...(revisionOf(server, ctx) >= linksSince ? links(masked) : []),
    ],
    structuredContent: masked,
    isError: !masked.ok,
    ...(trace ? { _meta: trace } : {}),
  };
}

/** Text that is neither ours nor the caller's own: only there the slow search for secrets can find more. */
function hasForeignText({ checks = [], diff }: Answer): boolean {
  return diff !== undefined || checks.some(({ firstErrors }) => firstErrors !== undefined);
}

/** The trace a call belongs to, so that the answer can be found in it. */
function traceOf(ctx: ServerContext): Record<string, string> | null {
  const keys = [TRACEPARENT_META_KEY, TRACESTATE_META_KEY];
  const given = keys.flatMap((key) => {
    const value = ctx.mcpReq._meta?.[key];
    return typeof value === 'string' ? [[key, value] as const] : [];
  });
  return given.length === 0 ? null : Object.fromEntries(given);
}

function revisionOf(server: McpServer, ctx: ServerContext): string {
  return (
    server.server.getNegotiatedProtocolVersion() ??
    ctx.http?.req?.headers.get('mcp-protocol-version') ??
    unsaidRevision
  );
}

function links({ taskId, checks, error }: Answer): ContentBlock[] {
  if (taskId === undefined || error !== undefined) return [];
  const failed = (checks ?? []).filter(({ status, log }) => status !== 'passed' && log !== undefined);
  const link = (uri: string, name: string, mimeType: string): ContentBlock => ({
    type: 'resource_link',
    uri,
    name,
    mimeType,
  });
  return [
    link(uriOf.plan(taskId), `Plan of ${taskId}`, 'application/json'),
    link(uriOf.diff(taskId), `Diff of ${taskId}`, 'text/x-diff'),
    ...failed.map(({ name }) => link(uriOf.log(taskId, name), `Log of ${name}`, 'text/plain')),
  ];
}
