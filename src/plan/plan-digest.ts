import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import type { Plan } from './plan.js';

/**
 * The SHA-256, in hex, that names a plan. The new contents are covered by the hashes of the planned images. A `digest`
 * that is there already does not count, so a stored plan is verified by `planDigest(plan) === plan.digest`.
 */
export function planDigest(plan: Omit<Plan, 'digest'>): string {
  return createHash('sha256')
    .update(canonicalJson({ ...plan, digest: undefined }))
    .digest('hex');
}
