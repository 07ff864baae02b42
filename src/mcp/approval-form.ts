import {
  inputRequired,
  inputResponse,
  type InputRequiredResult,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { ImprovementDetails } from '../service/describe-task.js';
import { count } from '../wording/count.js';
import { visible, visibleLine } from '../wording/visible.js';
import { clientOf } from './client-of.js';
import type { AskedAbout, SelfImprove } from './self-improve.js';

const formKey = 'approval';
const answerSchema = z.object({ decision: z.enum(['approve', 'reject']), why: z.string().optional() });
const namedFiles = 20;

/** What a person answered in the form, and what the form was about. */
export interface PersonsAnswer {
  about: AskedAbout;
  /** Null where the form was closed without a decision. */
  decision: { yes: boolean; by: string; why?: string } | null;
}

/** Whether the client can show a form to the person behind it. */
export function canAskPerson(server: McpServer, ctx: ServerContext): boolean {
  const { elicitation } = clientOf(server, ctx).capabilities;
  // Without a mode it is the form: the only one there was at first.
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

/** Asks the person behind the client, by a form that the model neither sees nor fills in. */
export async function askPerson(
  { forms, root }: SelfImprove,
  details: ImprovementDetails,
  ctx: ServerContext,
): Promise<InputRequiredResult> {
  const { taskId, digest } = details;
  return inputRequired({
    inputRequests: {
      [formKey]: inputRequired.elicit({
        message: question(details, root),
        requestedSchema: {
          type: 'object',
          properties: {
            decision: {
              type: 'string',
              title: 'Decision',
              enum: ['approve', 'reject'],
              description: 'approve: it is carried out now. reject: the plan is dropped.',
            },
            why: { type: 'string', title: 'Why', description: 'For the record' },
          },
          required: ['decision'],
        },
      }),
    },
    requestState: await forms.mint({ taskId, digest }, ctx),
  });
}

/** The answer that a call brings back; null where it brings none, or not one to a form of ours. */
export async function answerOfPerson(
  { forms }: SelfImprove,
  server: McpServer,
  ctx: ServerContext,
): Promise<PersonsAnswer | null> {
  const sealed = ctx.mcpReq.requestState<unknown>();
  if (typeof sealed !== 'string') return null;
  const about = await forms.verify(sealed, ctx).catch(() => null);
  if (about === null) return null;
  const response = inputResponse(ctx.mcpReq.inputResponses, formKey);
  if (response.kind !== 'elicit') return null;
  const given = answerSchema.safeParse(response.content);
  if (response.action !== 'accept' || !given.success) return { about, decision: null };
  const { decision, why } = given.data;
  const by = `the person at ${clientOf(server, ctx).name}`;
  return { about, decision: { yes: decision === 'approve', by, ...(why ? { why } : {}) } };
}

function question(
  { taskId, description, risk, plan, highRiskFiles }: ImprovementDetails,
  root: string,
): string {
  const reasons = plan.fileRisks
    .filter(({ path }) => highRiskFiles.includes(path))
    .slice(0, namedFiles)
    .map(({ path, reasons: why }) => `- ${visibleLine(path)}: ${visibleLine(why.join('; '))}`);
  const more = highRiskFiles.length - reasons.length;
  return [
    `May this change of ${visibleLine(root)} be carried out?`,
    visible(description),
    `Risk: ${risk}. It touches ${count(plan.paths.length, 'file')}.`,
    ...reasons,
    ...(more > 0 ? [`- and ${count(more, 'more file')}`] : []),
    `Every line of it: moult show ${taskId}`,
  ].join('\n');
}
