import { z } from 'zod';
import { MoultError } from '../errors/moult-error.js';
import { decodeChecked, encodeChecked } from '../store/checked-file.js';
import { letOthersRun } from '../ports/let-others-run.js';
import { fileImageSchema } from '../store/journal.js';
import { upgradeState, type UpgradeSteps } from '../store/upgrade-state.js';
import { planDigest } from './plan-digest.js';
import type { FileRisk, Plan, PlannedPath } from './plan.js';
import { parseProjectPath } from './parse-project-path.js';

/** Raise it when the plan changes, and add a step from the present form to the new one. */
const planFormat = 1;
const planSteps: UpgradeSteps = {};

const projectPath = z.string().refine((path) => isProjectPath(path), 'is not a path inside the project');
const level = z.enum(['low', 'medium', 'high', 'critical']);
const type = z.enum(['create', 'modify', 'delete']);

const changeSchema: z.ZodType<Plan['changes'][number]> = z.strictObject({
  file: z.string(),
  type,
  description: z.string().optional(),
  risk: z.enum(['low', 'medium', 'high']).optional(),
  mode: z.string().optional(),
});
const pathSchema: z.ZodType<PlannedPath> = z.strictObject({
  path: projectPath,
  before: fileImageSchema,
  after: fileImageSchema.nullable(),
  source: z.enum(['planned', 'before', 'editor']).nullable(),
  change: z.number().int().min(0).nullable(),
});
const fileRiskSchema: z.ZodType<FileRisk> = z.strictObject({
  path: z.string(),
  level,
  reasons: z.array(z.string()),
});
const planSchema = z.strictObject({
  taskId: z.string(),
  createdAt: z.string(),
  description: z.string(),
  origin: z.enum(['library', 'cli', 'mcp', 'inspector']).optional(),
  root: z
    .string()
    .refine(
      (root) => root === '' || isProjectPath(root),
      'is not a folder below the top of the working tree',
    ),
  changes: z.array(z.unknown()),
  paths: z.array(z.unknown()),
  risk: level,
  fileRisks: z.array(z.unknown()),
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
  artifacts: z.array(z.string()).optional(),
  undeclared: z.enum(['restore', 'report', 'refuse']).optional(),
  configHash: z.string(),
  scriptsHash: z.string().optional(),
  digest: z.string(),
});

/** A plan as the bytes of its file. */
export function encodePlan(plan: Plan): Buffer {
  return encodeChecked({ format: planFormat, plan });
}

/**
 * Reads a plan back as hostile input, since it names paths that will be written, and brings one of an older format to the
 * present form. Its digest stays the one under which it was decided.
 *
 * @throws STATE_UNREADABLE, STATE_TOO_NEW.
 */
export async function decodePlan(bytes: Buffer, file: string): Promise<Plan> {
  const stored = decodeChecked(bytes, file) as { format?: unknown; plan?: unknown } | null;
  const found = stored?.format;
  const value = (stored?.plan ?? {}) as Record<string, unknown>;
  const version = { found, current: planFormat, steps: planSteps };
  const upgraded = upgradeState({ value, ...version, file, what: 'plan' });
  const plan = await parsePlan(upgraded, file);
  // Over what is stored: a later format may have other members.
  if ((await planDigest(value as unknown as Plan)) !== plan.digest)
    throw unreadable(file, 'its digest does not match');
  return plan;
}

/** The long lists element by element: the program shall not stand still for a large plan. */
async function parsePlan(value: Record<string, unknown>, file: string): Promise<Plan> {
  const { changes, paths, fileRisks, ...rest } = parsed(planSchema, value, file, '');
  return {
    ...rest,
    changes: await parseEach(changeSchema, changes, file, 'changes'),
    paths: await parseEach(pathSchema, paths, file, 'paths'),
    fileRisks: await parseEach(fileRiskSchema, fileRisks, file, 'fileRisks'),
  };
}

async function parseEach<Item>(
  schema: z.ZodType<Item>,
  items: unknown[],
  file: string,
  name: string,
): Promise<Item[]> {
  const all: Item[] = [];
  for (const [index, item] of items.entries()) {
    await letOthersRun();
    all.push(parsed(schema, item, file, `${name}[${index}]: `));
  }
  return all;
}

function parsed<Value>(schema: z.ZodType<Value>, value: unknown, file: string, where: string): Value {
  const result = schema.safeParse(value);
  if (!result.success) throw unreadable(file, `${where}${z.prettifyError(result.error)}`);
  return result.data;
}

function unreadable(file: string, reason: string): MoultError {
  return new MoultError('STATE_UNREADABLE', { file, reason, saved: null });
}

function isProjectPath(path: string): boolean {
  try {
    return parseProjectPath(path) === path;
  } catch (error) {
    if (error instanceof MoultError) return false;
    throw error;
  }
}
