import { z } from 'zod';
import { MoultError } from '../errors/moult-error.js';
import { decodeChecked, encodeChecked } from '../store/checked-file.js';
import { fileImageSchema } from '../store/journal.js';
import { planDigest } from './plan-digest.js';
import type { Plan } from './plan.js';
import { parseProjectPath } from './parse-project-path.js';

const planFormat = 1;

const projectPath = z.string().refine((path) => isProjectPath(path), 'is not a path inside the project');
const level = z.enum(['low', 'medium', 'high', 'critical']);
const type = z.enum(['create', 'modify', 'delete']);

const planSchema: z.ZodType<Plan> = z.strictObject({
  taskId: z.string(),
  createdAt: z.string(),
  description: z.string(),
  root: z
    .string()
    .refine(
      (root) => root === '' || isProjectPath(root),
      'is not a folder below the top of the working tree',
    ),
  changes: z.array(
    z.strictObject({
      file: z.string(),
      type,
      description: z.string().optional(),
      risk: z.enum(['low', 'medium', 'high']).optional(),
      mode: z.string().optional(),
    }),
  ),
  paths: z.array(
    z.strictObject({
      path: projectPath,
      before: fileImageSchema,
      after: fileImageSchema.nullable(),
      source: z.enum(['planned', 'before', 'editor']).nullable(),
      change: z.number().int().min(0).nullable(),
    }),
  ),
  risk: level,
  fileRisks: z.array(z.strictObject({ path: z.string(), level, reasons: z.array(z.string()) })),
  requiresRestart: z.boolean(),
  needsRestart: z.boolean(),
  skipTests: z.boolean(),
  approvalRequired: z.boolean(),
  confirmationRequired: z.boolean(),
  restartDelayMs: z.number(),
  onInterrupted: z.enum(['rollback', 'resume']),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      type: z.enum(['build', 'test', 'lint', 'custom']),
      command: z.string().optional(),
      required: z.boolean(),
      timeoutMs: z.number().optional(),
      env: z.record(z.string(), z.string()).optional(),
      shell: z.boolean().optional(),
    }),
  ),
  configHash: z.string(),
  digest: z.string(),
});

/** A plan as the bytes of its file. */
export function encodePlan(plan: Plan): Buffer {
  return encodeChecked({ format: planFormat, plan });
}

/**
 * Reads a plan back as hostile input: it names paths that will be written.
 *
 * @throws STATE_UNREADABLE, STATE_TOO_NEW.
 */
export function decodePlan(bytes: Buffer, file: string): Plan {
  const value = decodeChecked(bytes, file) as { format?: unknown; plan?: unknown } | null;
  if (value?.format !== planFormat) {
    throw new MoultError('STATE_TOO_NEW', {
      file,
      found: `plan ${String(value?.format)}`,
      supported: `plan ${planFormat}`,
    });
  }
  const plan = planSchema.safeParse(value.plan);
  if (!plan.success)
    throw new MoultError('STATE_UNREADABLE', { file, reason: z.prettifyError(plan.error), saved: null });
  if (planDigest(plan.data) !== plan.data.digest) {
    throw new MoultError('STATE_UNREADABLE', { file, reason: 'its digest does not match', saved: null });
  }
  return plan.data;
}

function isProjectPath(path: string): boolean {
  try {
    return parseProjectPath(path) === path;
  } catch (error) {
    if (error instanceof MoultError) return false;
    throw error;
  }
}
