import type { InputRequiredResult, McpServer, ServerContext } from '@modelcontextprotocol/server';
import { MoultError } from '../errors/moult-error.js';
import type { ImprovementDetails } from '../service/describe-task.js';
import type { Answer } from './answer.js';
import { answerOfPerson, askPerson, canAskPerson } from './approval-form.js';
import { clientOf } from './client-of.js';
import { describeAnswer } from './describe-answer.js';
import { draftAnswer } from './draft-answer.js';
import { errorAnswer } from './error-answer.js';
import { nextCalls } from './next-calls.js';
import { parseCall, type Call } from './parse-call.js';
import { reportProgress } from './report-progress.js';
import type { Attended, SelfImprove } from './self-improve.js';

export interface CallContext {
  selfImprove: SelfImprove;
  server: McpServer;
  ctx: ServerContext;
}

/** Carries out one call of the tool, and answers it whatever happens: a refusal is an answer as well. */
export async function handleCall(
  input: unknown,
  context: CallContext,
): Promise<Answer | InputRequiredResult> {
  const { action } = (input ?? {}) as { action?: unknown };
  try {
    return await answerCall(parseCall(input), context);
  } catch (error) {
    if (!(error instanceof MoultError)) throw error;
    const find = (taskId: string) => context.selfImprove.find(taskId);
    return errorAnswer(error as MoultError, typeof action === 'string' ? action : '', find);
  }
}

async function answerCall(call: Call, context: CallContext): Promise<Answer | InputRequiredResult> {
  const { selfImprove, server, ctx } = context;
  switch (call.action) {
    case 'plan':
      if (call.dryRun) return draftAnswer(selfImprove, call.request);
      return attended(context, call.action, await selfImprove.plan(call.request));
    case 'execute':
      return execute(context, call.taskId);
    case 'status': {
      const onLook = reportProgress(selfImprove, ctx);
      const options = { waitMs: call.waitMs, signal: ctx.mcpReq.signal, onLook };
      return describe(context, call.action, await selfImprove.status(call.taskId, options));
    }
    case 'cancel': {
      const cancelled = await selfImprove.cancel(call.taskId);
      return cancelled ? attended(context, call.action, cancelled) : nothingToCancel;
    }
    case 'rollback':
      return attended(context, call.action, await selfImprove.rollback(call.taskId));
    case 'confirm':
      return attended(
        context,
        call.action,
        await selfImprove.confirm(clientOf(server, ctx).name, call.taskId),
      );
    case 'history': {
      const improvements = await selfImprove.history();
      const newest = improvements.at(-1);
      return {
        ok: true,
        action: call.action,
        improvements,
        next: newest ? nextCalls(newest) : [{ arguments: { action: 'plan' }, effect: 'makes a plan' }],
      };
    }
  }
}

const nothingToCancel: Answer = {
  ok: true,
  action: 'cancel',
  note: 'No improvement is under way, so there is nothing to cancel.',
  next: [{ arguments: { action: 'plan' }, effect: 'makes a plan' }],
};

/** A plan that waits for a person is carried out as soon as that person says yes in a form, where the client has forms. */
async function execute(context: CallContext, taskId?: string): Promise<Answer | InputRequiredResult> {
  const { selfImprove, server, ctx } = context;
  const answer = await answerOfPerson(selfImprove, server, ctx);
  if (answer?.decision) {
    await selfImprove.decide(answer.about, answer.decision);
    if (!answer.decision.yes)
      return describe(context, 'execute', await selfImprove.find(answer.about.taskId));
    return attended(context, 'execute', await selfImprove.execute(answer.about.taskId));
  }
  try {
    return await attended(context, 'execute', await selfImprove.execute(taskId));
  } catch (error) {
    const waits = error instanceof MoultError && error.code === 'APPROVAL_REQUIRED';
    if (!waits || answer !== null || !canAskPerson(server, ctx)) throw error;
    const { taskId: id } = error.details as { taskId: string };
    return askPerson(selfImprove, await selfImprove.find(id), ctx);
  }
}

const repeatedNotes: Partial<Record<Call['action'], string>> = {
  plan: 'This very plan waits already; it was not made a second time.',
  execute: 'It was executed before; it was not started a second time.',
  cancel: 'It was cancelled before.',
  rollback: 'It was taken back before.',
  confirm: 'It was confirmed before, or needed no confirmation.',
};

function attended(
  context: CallContext,
  action: Call['action'],
  { details, repeated }: Attended,
): Promise<Answer> {
  return describe(context, action, details, repeated ? repeatedNotes[action] : undefined);
}

function describe(
  { selfImprove }: CallContext,
  action: Call['action'],
  details: ImprovementDetails,
  note?: string,
): Promise<Answer> {
  const activity = selfImprove.activityOf(details.taskId);
  return describeAnswer(details, {
    action,
    ...(activity === undefined ? {} : { activity }),
    ...(note === undefined ? {} : { note }),
  });
}
