import {
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type CallToolResult,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { MoultError } from '../errors/moult-error.js';
import type { ImprovementDetails } from '../service/describe-task.js';
import { isResting } from '../service/state-path.js';
import { activityInWords } from '../wording/state-in-words.js';
import type { Answer } from './answer.js';
import { clientOf } from './client-of.js';
import { describeAnswer } from './describe-answer.js';
import type { SelfImprove } from './self-improve.js';
import { toolResult } from './tool-result.js';

const tasksExtension = 'io.modelcontextprotocol/tasks';

const pollIntervalMs = 1_000;
const paramsSchema = z.looseObject({ taskId: z.string() });

interface Exchange {
  selfImprove: SelfImprove;
  server: McpServer;
  ctx: ServerContext;
}

/**
 * The Tasks extension (SEP-2663): `execute` answers a task to a client that knows them, and the id of the task is that of
 * the improvement. The SDK has no part for it yet; these are its three methods.
 */
export function registerTasks(server: McpServer, selfImprove: SelfImprove): void {
  server.server.registerCapabilities({ extensions: { [tasksExtension]: {} } });
  const handle = (method: string, answer: (taskId: string, exchange: Exchange) => Promise<object>) =>
    server.server.setRequestHandler(method, { params: paramsSchema }, async ({ taskId }, ctx) => {
      const exchange = { selfImprove, server, ctx };
      requireDeclared(method, exchange);
      return answer(taskId, exchange) as Promise<Record<string, unknown>>;
    });
  handle('tasks/get', async (taskId, exchange) => taskOf(await findTask(taskId, exchange), exchange));
  // A task asks for nothing: what a person had to say was said before it began.
  handle('tasks/update', async (taskId, exchange) => {
    await findTask(taskId, exchange);
    return {};
  });
  handle('tasks/cancel', async (taskId, exchange) => {
    const { state } = await findTask(taskId, exchange);
    if (!isResting(state)) await selfImprove.cancel(taskId).catch(unlessTooLate);
    return {};
  });
}

/** Makes a task of the answer to an `execute` that is under way, where the client knows tasks. */
export async function startTask(
  { action, taskId, done, ok }: Answer,
  result: CallToolResult,
  exchange: Exchange,
): Promise<CallToolResult> {
  if (action !== 'execute' || !ok || done || taskId === undefined || !knowsTasks(exchange)) return result;
  const task = await taskOf(await exchange.selfImprove.find(taskId), exchange);
  // It ended meanwhile: what it came to is asked for like any other.
  return { ...result, ...task, resultType: 'task' };
}

/** A task as the extension has it. */
async function taskOf(details: ImprovementDetails, exchange: Exchange): Promise<Record<string, unknown>> {
  const { taskId, state, createdAt, updatedAt } = details;
  const task = {
    taskId,
    statusMessage: exchange.selfImprove.activityOf(taskId) ?? activityInWords(state),
    createdAt,
    lastUpdatedAt: updatedAt,
    // As long as the project's `retention` keeps it, which is no fixed time.
    ttlMs: null,
    pollIntervalMs,
  };
  if (state === 'cancelled') return { ...task, status: 'cancelled' };
  if (!isResting(state) && !details.interrupted) return { ...task, status: 'working' };
  const { server, ctx, selfImprove } = exchange;
  const answer = await describeAnswer(details, { action: 'execute' });
  const result = await toolResult(answer, { server, ctx, masker: selfImprove.host.masker });
  return { ...task, status: 'completed', result };
}

function knowsTasks({ server, ctx }: Exchange): boolean {
  // The 2025 revisions had tasks of another kind under the same names.
  return (
    ctx.mcpReq.envelope !== undefined &&
    tasksExtension in (clientOf(server, ctx).capabilities.extensions ?? {})
  );
}

function requireDeclared(method: string, exchange: Exchange): void {
  if (exchange.ctx.mcpReq.envelope === undefined)
    throw new ProtocolError(ProtocolErrorCode.MethodNotFound, `Method not found: ${method}`);
  if (!knowsTasks(exchange))
    throw new MissingRequiredClientCapabilityError({
      requiredCapabilities: { extensions: { [tasksExtension]: {} } },
    });
}

async function findTask(taskId: string, { selfImprove }: Exchange): Promise<ImprovementDetails> {
  try {
    return await selfImprove.find(taskId);
  } catch (error) {
    if (!(error instanceof MoultError) || error.code !== 'TASK_UNKNOWN') throw error;
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, error.message);
  }
}

/** A cancel is a wish: what came of it is seen when the task is asked for. */
function unlessTooLate(error: unknown): void {
  if (!(error instanceof MoultError) || error.code !== 'CANCEL_TOO_LATE') throw error;
}
