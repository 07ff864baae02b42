import { isTest, type PathToAssess } from './assess-risk.js';
import { manifestChanges } from './manifest-changes.js';
import type { PlannedAfter } from './plan-after.js';
import type { FileImage } from './plan.js';
import { isManifest, refuseOwnConfiguration } from './refuse-own-configuration.js';
import { testLoss } from './test-loss.js';

interface Change {
  path: string;
  before: FileImage;
  planned: PlannedAfter;
  /** Reads the file as it is. */
  readBefore: () => Promise<Uint8Array>;
}

/** Of a larger file only the name counts. */
const readBytesMax = 2 * 1024 * 1024;

/**
 * What the contents say about the risk of a change, for the few files of which they say something.
 *
 * @throws MoultError PATH_PROTECTED for a change of the tool's own configuration.
 */
export async function lookIntoChange(change: Change): Promise<Pick<PathToAssess, 'manifest' | 'testLoss'>> {
  const { path, before, planned, readBefore } = change;
  const isOfPackage = isManifest(path);
  if (!isOfPackage && !isTest(path)) return {};
  const isSmall = before.kind === 'file' && before.sizeBytes <= readBytesMax;
  const old = isSmall ? await readBefore() : null;
  // An editor's answer is looked at when it comes, and what keeps its bytes keeps its meaning.
  if (planned.source === 'editor' || planned.source === 'before') return {};
  if (isOfPackage) refuseOwnConfiguration(path, old, planned.content);
  if (old === null || planned.content === null) return {};
  return isOfPackage
    ? { manifest: manifestChanges(old, planned.content) }
    : { testLoss: testLoss(old, planned.content) };
}
