import type { IncomingMessage, ServerResponse } from 'node:http';
import { MoultError } from '../../errors/moult-error.js';
import { systemClock, type Clock } from '../../ports/clock.js';
import { consoleLogger } from '../../ports/console-logger.js';
import type { Logger } from '../../ports/logger.js';
import { decisionOf, type SlackDecision } from './decision-of.js';
import { escaped } from './slack-text.js';
import { verifySlackRequest } from './verify-slack-request.js';

/** Who carries out a decision; `SelfImprovementService` does. */
export interface Decider {
  approveImprovement(taskId: string, decision: { by: string; planDigest: string }): Promise<void>;
  rejectImprovement(taskId: string, decision: { by: string }): Promise<void>;
}

export interface SlackInteractionsOptions {
  /** Of the Slack app: "Basic Information", "App Credentials". */
  signingSecret: string;
  service: Decider;
  /** Ids of the Slack users who may decide. Default: whoever sees the message. */
  allowedUsers?: readonly string[];
  /** Default: warnings and errors to the console. */
  logger?: Logger;
  clock?: Clock;
}

const maxBodyBytes = 1024 * 1024;
const answerMs = 10_000;

/**
 * Handles the clicks on "Approve" and "Reject" (`notify.slack.buttons`): a handler for a server of `node:http`, whose URL is
 * the "Request URL" of the Slack app. It refuses what Slack did not sign, answers Slack at once, hands the decision to the
 * service with who clicked and the digest of the plan that was shown, and tells who clicked where that was refused.
 *
 * @returns the handler; its promise settles when all of that is done, and never rejects.
 */
export function slackInteractions(
  options: SlackInteractionsOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { logger = consoleLogger } = options;
  return async (request, response) => {
    try {
      const decision = await take(request, response, options);
      if (decision) await carryOut(decision, options);
    } catch (error) {
      logger.warn(`[moult] a click in Slack could not be carried out: ${String(error)}`);
      if (!response.headersSent) response.writeHead(500).end();
    }
  };
}

/** Null where the request is answered, and that is all. */
async function take(
  request: IncomingMessage,
  response: ServerResponse,
  { signingSecret, logger = consoleLogger, clock = systemClock }: SlackInteractionsOptions,
): Promise<SlackDecision | null> {
  if (request.method !== 'POST') return end(response.writeHead(405, { allow: 'POST' }));
  const body = await bodyOf(request);
  if (body === null) return end(response.writeHead(413, { connection: 'close' }));
  try {
    const [signature, timestamp] = ['x-slack-signature', 'x-slack-request-timestamp'].map((name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? value : undefined;
    });
    verifySlackRequest({ signature, timestamp, body }, signingSecret, clock.now());
  } catch (error) {
    if (!(error instanceof MoultError)) throw error;
    logger.warn(`[moult] ${error.message}`);
    return end(response.writeHead(401));
  }
  // Slack waits for three seconds, and a decision may have to wait for a lock.
  response.writeHead(200).end();
  return decisionOf(body.toString('utf8'));
}

function end(response: ServerResponse): null {
  response.end();
  return null;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBodyBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function carryOut(decision: SlackDecision, options: SlackInteractionsOptions): Promise<void> {
  const { verdict, taskId, planDigest, user, message } = decision;
  const { service, allowedUsers } = options;
  const by = `${user.name} (Slack ${user.id})`;
  if (allowedUsers && !allowedUsers.includes(user.id))
    return answer(decision, privately('You may not decide about improvements of this project.'));
  try {
    if (verdict === 'approve') await service.approveImprovement(taskId, { by, planDigest });
    else await service.rejectImprovement(taskId, { by });
  } catch (error) {
    if (!(error instanceof MoultError)) throw error;
    return answer(decision, privately(`${error.message}\n${error.remedy}`));
  }
  if (message) await answer(decision, decided(message.blocks, verdict, user.id));
}

/** Seen by who clicked only. */
function privately(text: string): object {
  return { response_type: 'ephemeral', replace_original: false, text: escaped(text) };
}

/** The message as it was, with the decision in the place of the buttons. */
function decided(blocks: readonly { type: string }[], verdict: string, userId: string): object {
  const text = `${verdict === 'approve' ? 'Approved' : 'Rejected'} by <@${userId.replaceAll(/\W/g, '')}>`;
  const note = { type: 'context', elements: [{ type: 'mrkdwn', text }] };
  const rest = blocks.filter(({ type }) => type !== 'actions');
  return { replace_original: true, text, blocks: [...rest, note] };
}

async function answer({ responseUrl }: SlackDecision, body: object): Promise<void> {
  const response = await fetch(responseUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(answerMs),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`Slack did not take the answer: HTTP ${response.status}`);
}
