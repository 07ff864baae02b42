import { z } from 'zod';
import { decisionActions } from './slack-blocks.js';

/** A click on one of the buttons of a plan that waits for approval. */
export interface SlackDecision {
  verdict: 'approve' | 'reject';
  taskId: string;
  /** Of the plan that was shown. */
  planDigest: string;
  /** Who clicked, by id and by name. */
  user: { id: string; name: string };
  /** Where to answer; it works for half an hour. */
  responseUrl: string;
  /** The message with the buttons, where nobody else updates it. */
  message: { blocks: { type: string }[] } | null;
}

const valueSchema = z.object({
  task: z.string().regex(/^si-\d{1,16}$/),
  plan: z.string().min(1),
  shownIn: z.enum(['thread', 'itself']),
});
const payloadSchema = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id: z.string().min(1), username: z.string().optional(), name: z.string().optional() }),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().optional() })).min(1),
  response_url: z.url(),
  message: z.object({ blocks: z.array(z.looseObject({ type: z.string() })).default([]) }).optional(),
});

/** What a request of Slack's says; null for one that is about something else. */
export function decisionOf(body: string): SlackDecision | null {
  const payload = payloadSchema.safeParse(parsed(new URLSearchParams(body).get('payload')));
  if (!payload.success) return null;
  const { user, actions, response_url: responseUrl, message } = payload.data;
  const verdicts = Object.entries(decisionActions) as [SlackDecision['verdict'], string][];
  const [verdict] = verdicts.find(([, name]) => name === actions[0]!.action_id) ?? [];
  const value = valueSchema.safeParse(parsed(actions[0]!.value ?? null));
  if (!verdict || !value.success) return null;
  const { task: taskId, plan: planDigest, shownIn } = value.data;
  return {
    ...{ verdict, taskId, planDigest, responseUrl },
    user: { id: user.id, name: user.username ?? user.name ?? user.id },
    message: shownIn === 'itself' && message ? message : null,
  };
}

function parsed(json: string | null): unknown {
  try {
    return json === null ? null : JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
