import { createHash } from 'node:crypto';
import { letOthersRun } from '../ports/let-others-run.js';
import { canonicalPieces } from './canonical-json.js';
import type { Plan } from './plan.js';

/**
 * The SHA-256, in hex, that names a plan. The new contents are covered by the hashes of the planned images. A `digest`
 * that is there already does not count, so a stored plan is verified by `(await planDigest(plan)) === plan.digest`.
 */
export async function planDigest(plan: Omit<Plan, 'digest'>): Promise<string> {
  const hash = createHash('sha256');
  for (const piece of canonicalPieces({ ...plan, digest: undefined })) {
    hash.update(piece);
    await letOthersRun();
  }
  return hash.digest('hex');
}
