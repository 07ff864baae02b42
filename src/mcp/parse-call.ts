import { z } from 'zod';
import type { InputIssue } from '../errors/error-table.js';
import { MoultError } from '../errors/moult-error.js';
import type { ImprovementRequest } from '../improvement.js';
import { inputIssues } from '../plan/input-issues.js';
import { parseRequest } from '../plan/parse-request.js';
import { actions, longestWaitMs } from './tool-schema.js';

/** One call of the tool, understood. */
export type Call =
  | { action: 'plan'; request: ImprovementRequest; dryRun: boolean }
  | { action: 'execute' | 'cancel' | 'confirm'; taskId: string | undefined }
  | { action: 'status'; taskId: string | undefined; waitMs: number }
  | { action: 'rollback'; taskId: string }
  | { action: 'history' };

const requestFields = ['description', 'targetFiles', 'changes', 'requiresRestart', 'skipTests'] as const;
const decisions = ['approve', 'reject'];

const wait = `must be a whole number of milliseconds from 0 to ${longestWaitMs}`;
const callSchema = z.strictObject({
  action: z.unknown().optional(),
  taskId: z
    .string()
    .refine((id) => /^si-\d+$/.test(id), 'must be the id of an improvement, as si-1731600000000')
    .optional(),
  waitMs: z
    .number()
    .refine((value) => Number.isInteger(value) && value >= 0 && value <= longestWaitMs, wait)
    .optional(),
  dryRun: z.boolean().optional(),
  // Looked at only where a plan is to be made: clients fill in what a schema names.
  ...Object.fromEntries(requestFields.map((field) => [field, z.unknown().optional()])),
});

/**
 * Checks a call of unknown origin.
 *
 * @throws MoultError REQUEST_INVALID with all that is wrong, so that one more try is enough.
 */
export function parseCall(input: unknown): Call {
  const result = callSchema.safeParse(input ?? {}, { reportInput: true });
  const issues = result.success ? [] : inputIssues(result.error);
  const fields = isObject(input) ? input : {};
  const problem = actionProblem(fields.action);
  if (problem !== null) issues.unshift({ path: 'action', message: problem });
  const request = fields.action === 'plan' ? requestOf(fields, issues) : null;
  if (fields.action === 'rollback' && fields.taskId === undefined)
    issues.push({ path: 'taskId', message: 'is missing; a rollback needs it' });
  if (issues.length > 0) throw new MoultError('REQUEST_INVALID', { issues });
  return toCall(fields as unknown as Fields, request);
}

interface Fields {
  action: (typeof actions)[number];
  taskId?: string;
  waitMs?: number;
  dryRun?: boolean;
}

function toCall(
  { action, taskId, waitMs = 0, dryRun = false }: Fields,
  request: ImprovementRequest | null,
): Call {
  switch (action) {
    case 'plan':
      return { action, request: request!, dryRun };
    case 'status':
      return { action, taskId, waitMs };
    case 'rollback':
      return { action, taskId: taskId! };
    case 'history':
      return { action };
    case 'execute':
    case 'cancel':
    case 'confirm':
      return { action, taskId };
  }
}

/** What is wrong with it goes to `issues`. */
function requestOf(fields: Record<string, unknown>, issues: InputIssue[]): ImprovementRequest | null {
  const given = requestFields.filter((field) => fields[field] !== undefined);
  try {
    return parseRequest(Object.fromEntries(given.map((field) => [field, fields[field]])));
  } catch (error) {
    if (!(error instanceof MoultError) || error.code !== 'REQUEST_INVALID') throw error;
    issues.push(...(error.details as { issues: InputIssue[] }).issues);
    return null;
  }
}

function actionProblem(value: unknown): string | null {
  if ((actions as readonly unknown[]).includes(value)) return null;
  if (decisions.includes(value as string))
    return `${JSON.stringify(value)} is for a person, who uses the command line or a form of the client; it is no action of this tool`;
  const missing = value === undefined ? 'is missing; it ' : '';
  return `${missing}must be one of ${actions.map((action) => JSON.stringify(action)).join(', ')}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
