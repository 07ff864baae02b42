import { z } from 'zod';
import { parseCommand } from '../checks/parse-command.js';
import { MoultError } from '../errors/moult-error.js';
import type { InputIssue } from '../errors/error-table.js';
import type { ValidationCheck } from '../improvement.js';
import { inputIssues } from '../plan/input-issues.js';
import type { UndeclaredPolicy } from '../plan/plan.js';
import { notifySchema, type NotifyConfig } from './notify-schema.js';
import { restartConfigSchema, type RestartConfig } from './restart-config.js';

/** The host's configuration with all defaults filled in. */
export interface MoultConfig {
  /** What judges a change; without it, the build, lint and test scripts of package.json. */
  checks?: ValidationCheck[];
  /** Names, or patterns with `*`, of variables of the host that checks get besides the usual ones. Default none. */
  passEnv: string[];
  /** Where changes are made and judged. */
  isolation: 'in-place';
  /** Globs of paths that are built: a check may write them unreported, and a rollback puts them back whole. Default none. */
  artifacts: string[];
  /** What is done about other changes outside the plan while the checks run. Default `restore`. */
  undeclared: UndeclaredPolicy;
  /** Globs of paths, in three tiers; the strictest that fits counts. A plain list is that of `never`. Default none. */
  protectedPaths: {
    /** No improvement may change these, besides those that none ever may. */
    never: string[];
    /** A plan that changes one of these waits for a person, whatever `requireApproval` says. */
    approval: string[];
    /** A risk of these does not make a plan wait. */
    allow: string[];
  };
  /** The most that a plan may hold. What stood in the files before does not count. */
  limits: {
    /** Default 20,000. */
    files: number;
    /** New bytes of one file. Default 268,435,456 (256 MiB). */
    fileBytes: number;
    /** New bytes of all files. Default 1,073,741,824 (1 GiB). */
    planBytes: number;
    /** What is kept of `artifacts`. Default 536,870,912 (512 MiB). */
    artifactBytes: number;
  };
  /** Which plans wait for a person's approval. Default: `high-risk` for those that come over MCP, `never` for others. */
  requireApproval?: 'never' | 'high-risk' | 'always';
  /** What `recover()` does with a task whose process is gone. Default `rollback`. */
  onInterrupted: 'rollback' | 'resume';
  /** How the program is restarted, and when the new version counts as good. */
  restart: RestartConfig;
  /** Globs of paths whose change needs a restart. Default: package.json and lock files, in the project root. */
  restartTriggers: string[];
  /** Who hears of the steps, and how. */
  notify: NotifyConfig;
  /** How long finished improvements are kept, so that they can be shown and rolled back. */
  retention: {
    /** Time since it ended. Default 2,592,000,000 (30 days). */
    maxAgeMs: number;
    /** What all of them may take on the disk; the oldest go first. Default 1,073,741,824 (1 GiB). */
    maxBytes: number;
    /** So many of the newest are kept, however old and large. Default 10. */
    keepLast: number;
  };
  /** Where state is kept, absolute or relative to the project root. Default: chosen by the project. */
  stateDir?: string;
}

/** Far more than any configuration. */
const deepest = 20;
const longestTimerMs = 2 ** 31 - 1;
const defaultRestartTriggers = [
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
  'deno.lock',
];

const text = z
  .string()
  .refine((value) => value.trim() !== '', 'must not be empty')
  .refine((value) => !value.includes('\0'), 'must not hold a zero byte');
const wholeMs = (leastMs: number) =>
  z
    .number()
    .refine(
      (value) => Number.isInteger(value) && value >= leastMs && value <= longestTimerMs,
      `must be a whole number of milliseconds from ${leastMs} to ${longestTimerMs.toLocaleString('en-US')}`,
    );
const wholeNumber = (what: string) =>
  z
    .number()
    .refine((value) => Number.isSafeInteger(value) && value >= 0, `must be a whole ${what}, 0 or more`);
const environment = z.record(z.string(), z.string()).superRefine((variables, context) => {
  for (const [name, value] of Object.entries(variables)) {
    if (!/^[^=\0]+$/.test(name)) refuse(context, [name], 'is not a name of an environment variable');
    if (value.includes('\0')) refuse(context, [name], 'must not hold a zero byte');
  }
});

function refuse(context: z.RefinementCtx, path: PropertyKey[], message: string): void {
  context.addIssue({ code: 'custom', path, message });
}

const checkSchema = z
  .strictObject({
    name: text,
    type: z.enum(['build', 'test', 'lint', 'custom']),
    command: text.optional(),
    required: z.boolean().default(true),
    timeoutMs: wholeMs(1).optional(),
    env: environment.optional(),
    shell: z.boolean().optional(),
  })
  .superRefine((check, context) => {
    const message = commandProblem(check);
    if (message !== null) refuse(context, ['command'], message);
  });

/** What is wrong with a check's command, in words; null for nothing. */
function commandProblem({ name, type, command, shell }: ValidationCheck): string | null {
  if (command === undefined) {
    return type === 'custom' ? `the check ${JSON.stringify(name)} of type "custom" needs a command` : null;
  }
  // A blank command and one with a zero byte have been refused for that.
  if (shell === true || command.trim() === '' || command.includes('\0')) return null;
  try {
    parseCommand(command, name);
    return null;
  } catch (error) {
    if (!(error instanceof MoultError) || error.code !== 'CHECK_COMMAND_INVALID') throw error;
    return `${error.message}. ${error.remedy}`;
  }
}

const checksSchema = z.array(checkSchema).superRefine((checks, context) => {
  checks.forEach(({ name }, index) => {
    const first = checks.findIndex((other) => other.name === name);
    if (first === index) return;
    refuse(context, [index, 'name'], `checks.${first} is called ${JSON.stringify(name)} already`);
  });
});

const tiers = z.strictObject({
  never: z.array(text).default([]),
  approval: z.array(text).default([]),
  allow: z.array(text).default([]),
});
const protectedPathsSchema = z
  .unknown()
  .transform((value, context): MoultConfig['protectedPaths'] => {
    // Not a union, whose messages would not say which entry is wrong.
    const list = Array.isArray(value) ? z.array(text).safeParse(value, { reportInput: true }) : null;
    const parsed = tiers.safeParse(list?.success ? { never: list.data } : value, { reportInput: true });
    const { error } = list?.success === false ? list : parsed;
    context.issues.push(...((error?.issues ?? []) as typeof context.issues));
    return parsed.data ?? { never: [], approval: [], allow: [] };
  })
  .prefault({});

const isolationSchema = z.unknown().superRefine((value, context) => {
  if (value === 'in-place') return;
  const message =
    value === 'worktree' ? '"worktree" is not available yet; use "in-place"' : 'must be "in-place"';
  refuse(context, [], message);
});

const configSchema = z.strictObject({
  checks: checksSchema.optional(),
  passEnv: z
    .array(z.string().regex(/^[A-Za-z_*][\w*().]*$/, 'is not a name of an environment variable'))
    .default([]),
  isolation: isolationSchema.default('in-place').transform(() => 'in-place' as const),
  artifacts: z.array(text).default([]),
  undeclared: z.enum(['restore', 'report', 'refuse']).default('restore'),
  protectedPaths: protectedPathsSchema,
  limits: z
    .strictObject({
      files: wholeNumber('number').default(20_000),
      fileBytes: wholeNumber('number of bytes').default(256 * 1024 ** 2),
      planBytes: wholeNumber('number of bytes').default(1024 ** 3),
      artifactBytes: wholeNumber('number of bytes').default(512 * 1024 ** 2),
    })
    .prefault({}),
  requireApproval: z.enum(['never', 'high-risk', 'always']).optional(),
  onInterrupted: z.enum(['rollback', 'resume']).default('rollback'),
  restart: restartConfigSchema.prefault({}),
  restartTriggers: z.array(text).default(defaultRestartTriggers),
  notify: notifySchema.prefault({}),
  retention: z
    .strictObject({
      // Not handed to a timer, so it may be longer than those can wait.
      maxAgeMs: wholeNumber('number of milliseconds').default(30 * 24 * 3_600_000),
      maxBytes: wholeNumber('number of bytes').default(1024 ** 3),
      keepLast: wholeNumber('number').default(10),
    })
    .prefault({}),
  stateDir: text.optional(),
});

/**
 * Checks a configuration and fills in the defaults.
 *
 * @param source What messages call it: its file.
 * @throws MoultError CONFIG_INVALID with everything that is wrong with it.
 */
export function parseConfig(input: unknown, source: string): MoultConfig {
  const forbidden = prototypeKeys(input, '');
  if (forbidden.length > 0) throw new MoultError('CONFIG_INVALID', { source, issues: forbidden });
  const result = configSchema.safeParse(input, { reportInput: true });
  if (result.success) return structuredClone(result.data);
  throw new MoultError('CONFIG_INVALID', { source, issues: inputIssues(result.error) });
}

/** A key that JSON allows and that would be lost in every copy of the object. */
function prototypeKeys(value: unknown, path: string, above: readonly unknown[] = []): InputIssue[] {
  if (typeof value !== 'object' || value === null || above.includes(value)) return [];
  if (above.length > deepest) return [{ path, message: 'is nested too deeply' }];
  return Object.keys(value).flatMap((key) => {
    const place = path === '' ? key : `${path}.${key}`;
    if (key === '__proto__') return [{ path: place, message: '"__proto__" is not a known key' }];
    return prototypeKeys((value as Record<string, unknown>)[key], place, [...above, value]);
  });
}
