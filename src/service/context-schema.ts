import { z } from 'zod';

const texts = z.array(z.string());
const failure = z.looseObject({ code: z.string(), message: z.string() });
const decision = z.looseObject({ by: z.string(), at: z.string() });

/** What a snapshot's context must be, as far as anybody relies on it: it may have been written by somebody else. */
export const contextSchema = z.looseObject({
  taskId: z.string(),
  planDigest: z.string(),
  appliedPaths: texts,
  checks: z.array(z.looseObject({ name: z.string(), required: z.boolean(), status: z.string() })),
  checkpoint: z
    .discriminatedUnion('kind', [
      z.looseObject({ kind: z.literal('git'), commit: z.string(), notices: texts }),
      z.looseObject({ kind: z.literal('none'), reason: z.string() }),
    ])
    .nullable(),
  undeclared: z
    .looseObject({
      changes: z.array(z.looseObject({ path: z.string(), kind: z.string(), restored: z.boolean() })),
      more: z.number(),
      unknown: z.string().nullable(),
    })
    .nullish(),
  approval: decision.nullable(),
  confirmation: decision.nullable(),
  rejection: decision.nullable(),
  cause: z.string().nullable(),
  failure: failure.nullable(),
  restartFailure: failure.nullable(),
  rollbackFailure: failure.nullable(),
  rollback: z
    .looseObject({
      restored: texts,
      kept: texts,
      displaced: z.array(z.looseObject({ path: z.string(), savedAt: z.string() })),
      failed: z.array(z.looseObject({ path: z.string(), reason: z.string() })),
    })
    .nullable(),
});
