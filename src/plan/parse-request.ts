import { z } from 'zod';
import { MoultError } from '../errors/moult-error.js';
import type { ImprovementRequest } from '../improvement.js';
import { changeSchema } from './change-schema.js';
import { inputIssues } from './input-issues.js';
import { requestLimits } from './request-limits.js';

const requestSchema = z.strictObject({
  description: z
    .string()
    .max(requestLimits.descriptionCharacters)
    .refine((text) => text.trim() !== '', 'must not be empty'),
  targetFiles: z
    .array(z.string().min(1).max(requestLimits.pathCharacters))
    .max(requestLimits.targetFiles)
    .default(() => []),
  changes: z
    .array(changeSchema)
    .max(requestLimits.changes)
    .default(() => []),
  requiresRestart: z.boolean().default(false),
  skipTests: z.boolean().optional(),
});

/**
 * Checks a request of unknown origin. `targetFiles` and `changes` may be left out and are then empty; so may
 * `requiresRestart`, which is then false. Paths are checked elsewhere, as is everything that needs the files.
 *
 * @returns a copy: what the caller does to the input later changes nothing.
 * @throws MoultError REQUEST_INVALID with all that is wrong.
 */
export function parseRequest(input: unknown): ImprovementRequest {
  refuseTooMany(input);
  const result = requestSchema.safeParse(input, { reportInput: true });
  if (!result.success) throw new MoultError('REQUEST_INVALID', { issues: inputIssues(result.error) });
  return result.data;
}

/** Before each of a million items is looked at. */
function refuseTooMany(input: unknown): void {
  const issues = (['changes', 'targetFiles'] as const).flatMap((key) => {
    const items = (input as Record<string, unknown> | null | undefined)?.[key];
    const most = requestLimits[key];
    if (!Array.isArray(items) || items.length <= most) return [];
    return [{ path: key, message: `must have at most ${most.toLocaleString('en-US')} items` }];
  });
  if (issues.length > 0) throw new MoultError('REQUEST_INVALID', { issues });
}
