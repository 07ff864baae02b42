import { z } from 'zod';

const settings = z.strictObject({
  drainMs: z.number(),
  stopMs: z.number(),
  readyWithinMs: z.number(),
  confirmAfterMs: z.number(),
  attemptsMax: z.number().int().positive(),
  confirmBy: z.enum(['health', 'person']),
  confirmWithinMs: z.number(),
});

const restartId = z.string().regex(/^rs-\d{1,16}$/);
const input = {
  restartId,
  taskId: z
    .string()
    .regex(/^si-\d{1,16}$/)
    .nullable(),
  reason: z.string(),
  dueAt: z.number(),
  settings,
};

/** A restart that was asked for. */
export const requestSchema = z.strictObject({ format: z.literal(1), request: z.strictObject(input) });

type StateValue = string | { [parent: string]: StateValue };
const stateValue: z.ZodType<StateValue> = z.lazy(() =>
  z.union([z.string(), z.record(z.string(), stateValue)]),
);

/** The envelope around a snapshot of the restart machine. */
export const recordSchema = z.strictObject({
  format: z.literal(1),
  machine: z.literal('restart'),
  machineVersion: z.literal(1),
  restartId,
  /** Counts the snapshots of this restart. */
  revision: z.number().int().positive(),
  /** ISO 8601. */
  savedAt: z.string(),
  snapshot: z.looseObject({
    status: z.string(),
    value: stateValue,
    context: z.looseObject({
      ...input,
      attempts: z.number().int().min(0),
      oldAttempts: z.number().int().min(0),
      failedStarts: z.array(
        z.strictObject({
          attempt: z.number().int(),
          version: z.enum(['new', 'old']),
          code: z.string(),
          message: z.string(),
        }),
      ),
      isKept: z.boolean(),
      confirmBefore: z.number().nullable(),
      cause: z.enum(['failed', 'not_confirmed', 'taken_back']).nullable(),
      failure: z
        .looseObject({ code: z.string(), message: z.string(), remedy: z.string().optional() })
        .nullable(),
    }),
  }),
});
export type RestartRecord = z.infer<typeof recordSchema>;

/** What a start of the program is about; for the program itself to read. */
export const bootSchema = z.strictObject({
  format: z.literal(1),
  boot: z.strictObject({
    /** `plain`: no restart of ours. `restart`: the new version. `fallback`: the old one is back. */
    kind: z.enum(['plain', 'restart', 'fallback']),
    restartId: z.string().nullable(),
    taskId: z.string().nullable(),
    reason: z.string().nullable(),
    /** For a fallback: what was wrong with the new version. */
    why: z.string().nullable(),
    /** Counts from 1; 0 for a plain start. */
    attempt: z.number().int().min(0),
    /** ISO 8601. */
    at: z.string(),
    /** Who prepared it: the guard that starts the program itself, or `preboot` for somebody else's start. */
    by: z.enum(['guard', 'preboot', 'program']),
    /** Which supervisor `preboot` saw around it; null for none that it knows. */
    supervisor: z.enum(['systemd', 'pm2', 'docker', 'npm']).nullable(),
    /** A program has read it, and is the one that was started. */
    isClaimed: z.boolean(),
  }),
});
export type Boot = z.infer<typeof bootSchema>['boot'];
