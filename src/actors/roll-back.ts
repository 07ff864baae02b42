import type { RollbackReport, Unrestored } from '../../machines/improvement-types.js';
import { readCheckpointFile } from '../git/read-checkpoint-file.js';
import { createFileDurably, syncDirectory } from '../store/durable-file.js';
import type { JournalBody } from '../store/journal.js';
import { removeDirectory } from '../workspace/created-directories.js';
import { forEachPathInOrder } from '../workspace/for-each-path.js';
import { leavePath, restorePath, type Restorable } from '../workspace/restore-path.js';
import { noBeforeImage, type BeforeImage } from '../workspace/take-before-image.js';
import type { Tree } from '../workspace/tree.js';
import { beforeImages } from './before-images.js';
import { clearBesideTargets } from './clear-slots.js';
import { keepDisplaced } from './keep-displaced.js';
import type { ImprovementParts } from './improvement-parts.js';

type Intent = Extract<JournalBody, { type: 'intent' }>;

/**
 * Puts back every path whose intent is in the journal, the last one first, then removes the directories that were made.
 * It depends on the journal and the before-images alone, and may run any number of times.
 *
 * A path that cannot be put back is reported, and the others are put back all the same.
 */
export async function rollBack(parts: ImprovementParts): Promise<RollbackReport> {
  const { fileSystem: fs, root, journal, lock } = parts;
  await lock().assertHeld();
  await revokeSeal(parts);
  const report: RollbackReport = { restored: [], kept: [], displaced: [], failed: [] };
  const conflicts = new Set(journal.of('conflict').map(({ index }) => index));
  const images = beforeImages(journal);
  const wasSealed = journal.of('sealed').length > 0;
  await forEachPathInOrder({ fs, root, sync: true }, journal.of('intent').reverse(), async (tree, intent) => {
    await lock().assertHeld();
    try {
      const item = toRestorable(parts, intent, wasSealed, images.get(intent.index));
      await putBackPath(parts, tree, item, conflicts.has(intent.index), report);
    } catch (error) {
      const savedAt = intent.before.kind === 'absent' ? null : parts.folder.before(intent.index);
      report.failed.push(describeFailure(parts, intent.path, savedAt, error));
    }
  });
  await removeDirectories(parts, report);
  if (report.failed.length === 0) {
    await clearBesideTargets(
      parts,
      report.displaced.map(({ savedAt }) => savedAt),
    );
  }
  return report;
}

async function putBackPath(
  parts: ImprovementParts,
  tree: Tree,
  item: Restorable,
  isConflict: boolean,
  report: RollbackReport,
): Promise<void> {
  const { path, anchor } = item;
  const { changed, theirs, displaced } = isConflict
    ? await leavePath(tree, parts.slots, item)
    : await restorePath(tree, parts.slots, item);
  if (theirs) report.kept.push(path);
  else if (changed) report.restored.push(path);
  report.displaced.push(...(await keepDisplaced(parts, path, anchor, displaced)));
}

/**
 * A decision to keep the change no longer holds, also one that reached the disk although its writing failed. A rename,
 * because it must work on a full disk.
 */
async function revokeSeal({ fileSystem, folder }: ImprovementParts): Promise<void> {
  try {
    await fileSystem.rename(folder.revocable, folder.revoked);
  } catch (error) {
    // Revoked already, by a process that died since.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await syncDirectory(fileSystem, folder.path);
}

function toRestorable(
  parts: ImprovementParts,
  { index, path, anchor, before, after }: Intent,
  wasSealed: boolean,
  beforeImage: BeforeImage = noBeforeImage,
): Restorable {
  const { folder } = parts;
  return {
    index,
    path,
    anchor,
    before,
    after,
    saved: folder.before(index),
    beforeImage,
    wasSealed,
    recoverSaved: (to) => recoverFromCheckpoint(parts, path, to),
  };
}

async function recoverFromCheckpoint(
  { fileSystem, spawn, root, repository, checkpoints, folder }: ImprovementParts,
  path: string,
  to: string,
): Promise<boolean> {
  if (!repository) return false;
  const bytes = await readCheckpointFile({
    fileSystem,
    spawn,
    repository,
    root,
    store: checkpoints,
    taskId: folder.taskId,
    path,
  });
  if (bytes === null) return false;
  await createFileDurably(fileSystem, to, bytes);
  return true;
}

function describeFailure(
  { logger }: ImprovementParts,
  path: string,
  savedAt: string | null,
  error: unknown,
): Unrestored {
  const reason = error instanceof Error ? error.message : String(error);
  logger.error(`[moult] ${path} could not be put back: ${reason}`);
  return { path, reason, savedAt };
}

async function removeDirectories(parts: ImprovementParts, report: RollbackReport): Promise<void> {
  const { fileSystem: fs, root, journal } = parts;
  const made = journal.of('directory-intent').reverse();
  await forEachPathInOrder({ fs, root, sync: true }, made, async (tree, directory) => {
    try {
      await removeDirectory(tree, directory);
    } catch (error) {
      report.failed.push(describeFailure(parts, directory.path, null, error));
    }
  });
}
