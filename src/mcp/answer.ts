import { z } from 'zod';
import { actions } from './tool-schema.js';

const statuses = [
  'planning',
  'implementing',
  'testing',
  'awaiting_confirmation',
  'rolling_back',
  'rollback_failed',
  'completed',
  'rolled_back',
  'cancelled',
] as const;
const levels = ['low', 'medium', 'high', 'critical'] as const;

const fileSchema = z.object({
  path: z.string(),
  change: z.enum(['create', 'modify', 'delete', 'mode', 'edit', 'none']),
  risk: z.enum(levels).optional(),
  /** Why the risk is what it is. */
  reasons: z.array(z.string()).optional(),
});

const checkSchema = z.object({
  name: z.string(),
  required: z.boolean(),
  status: z.enum(['passed', 'failed', 'timed_out', 'not_run']),
  durationMs: z.number(),
  reason: z.string().optional(),
  firstErrors: z.array(z.string()).optional().describe('The lines of its output that look like errors'),
  log: z.string().optional().describe('The resource with its whole output'),
});

const summarySchema = z.object({
  taskId: z.string(),
  description: z.string(),
  status: z.enum(statuses),
  state: z.string(),
  risk: z.enum(levels),
  files: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

const nextSchema = z.object({
  arguments: z.object({
    action: z.enum(actions),
    taskId: z.string().optional(),
    waitMs: z.number().optional(),
  }),
  effect: z.string(),
});

/** What the tool answers, for programs. The text beside it is made from it. */
export const answerSchema = z.object({
  ok: z.boolean().describe('False where the call was refused; then "error" says why'),
  action: z.string(),
  taskId: z.string().optional(),
  status: z.enum(statuses).optional(),
  state: z.string().optional().describe('The state of the machine in full, as planning.ready'),
  activity: z.string().optional().describe('What is being done right now'),
  done: z.boolean().optional().describe('Nothing more happens until somebody acts'),
  note: z.string().optional(),
  description: z.string().optional(),
  risk: z.enum(levels).optional(),
  highRiskFiles: z.array(z.string()).optional(),
  digest: z.string().optional().describe('SHA-256 that names the plan'),
  files: z.array(fileSchema).optional(),
  filesLeftOut: z.number().optional().describe('So many more are in the plan'),
  plannedChecks: z.array(z.string()).optional(),
  checks: z.array(checkSchema).optional(),
  result: z
    .object({
      success: z.boolean(),
      changesApplied: z.array(z.string()),
      validationPassed: z.boolean(),
      needsRestart: z.boolean(),
      rollbackPerformed: z.boolean().optional(),
      error: z.string().optional(),
      code: z.string().optional(),
      displaced: z.array(z.object({ path: z.string(), savedAt: z.string() })).optional(),
    })
    .optional(),
  diff: z.string().optional(),
  improvements: z.array(summarySchema).optional(),
  error: z
    .object({ code: z.string(), message: z.string(), remedy: z.string(), details: z.unknown().optional() })
    .optional(),
  person: z
    .object({ approve: z.string(), reject: z.string(), show: z.string() })
    .optional()
    .describe('The commands by which a person decides'),
  next: z.array(nextSchema).describe('The calls that make sense now'),
});

export type Answer = z.infer<typeof answerSchema>;
export type NextCall = Answer['next'][number];
