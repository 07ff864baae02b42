import type { RollbackReport } from '../../machines/improvement-types.js';
import { hasCode } from '../errors/has-code.js';
import type { JournalBody } from '../store/journal.js';
import { forEachPathInOrder } from '../workspace/for-each-path.js';
import { restorePath } from '../workspace/restore-path.js';
import { noBeforeImage } from '../workspace/take-before-image.js';
import type { Tree } from '../workspace/tree.js';
import { describeFailure } from './describe-failure.js';
import type { ImprovementParts } from './improvement-parts.js';
import { keepDisplaced } from './keep-displaced.js';

export type UndeclaredIntent = Extract<JournalBody, { type: 'undeclared-intent' }>;

/**
 * Puts back paths outside the plan, in order. What stands there is moved aside and reported as displaced: it may be a
 * person's work, which cannot be told from that of a check. May run any number of times.
 */
export async function restoreUndeclared(
  parts: ImprovementParts,
  intents: readonly UndeclaredIntent[],
  report: RollbackReport,
): Promise<void> {
  const { fileSystem: fs, root, lock, logger, folder } = parts;
  await forEachPathInOrder({ fs, root, sync: true }, intents, async (tree, intent) => {
    await lock().assertHeld();
    try {
      await restoreOne(parts, tree, intent, report);
    } catch (error) {
      if (isGoneWithItsFolder(error, intent)) return;
      const savedAt = intent.before.kind === 'absent' ? null : folder.undeclared(intent.position);
      report.failed.push(describeFailure(logger, intent.path, savedAt, error));
    }
  });
}

async function restoreOne(
  parts: ImprovementParts,
  tree: Tree,
  { position, path, anchor, before }: UndeclaredIntent,
  report: RollbackReport,
): Promise<void> {
  const { plan, folder, slots } = parts;
  const { displaced } = await restorePath(tree, slots, {
    // Behind the places of the planned paths.
    index: plan.paths.length + position,
    ...{ path, anchor, before, after: null, wasSealed: false },
    saved: folder.undeclared(position),
    beforeImage: { ...noBeforeImage, how: 'copy' },
    recoverSaved: () => Promise.resolve(false),
  });
  report.displaced.push(...(await keepDisplaced(parts, path, anchor, displaced)));
}

/** What was its folder is a file or a link again, so nothing stands at the path. */
function isGoneWithItsFolder(error: unknown, { before }: UndeclaredIntent): boolean {
  return before.kind === 'absent' && hasCode(error, 'PATH_THROUGH_LINK', 'PATH_INVALID');
}
