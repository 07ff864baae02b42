import type { RollbackReport } from '../../machines/improvement-types.js';
import { hasCode } from '../errors/has-code.js';
import { foldersOf } from '../git/folders-of.js';
import { readCheckpointFile } from '../git/read-checkpoint-file.js';
import { createFileDurably, syncDirectory } from '../store/durable-file.js';
import type { JournalBody } from '../store/journal.js';
import { removeDirectory } from '../workspace/created-directories.js';
import { forEachPathInOrder } from '../workspace/for-each-path.js';
import { leavePath, restorePath, type Restorable } from '../workspace/restore-path.js';
import { noBeforeImage, type BeforeImage } from '../workspace/take-before-image.js';
import type { Tree } from '../workspace/tree.js';
import { putBackArtifacts } from './artifacts/put-back-artifacts.js';
import { beforeImages } from './before-images.js';
import { clearBesideTargets } from './clear-slots.js';
import { describeFailure } from './describe-failure.js';
import { findUndeclared, type Undeclared } from './find-undeclared.js';
import { keepDisplaced } from './keep-displaced.js';
import type { ImprovementParts } from './improvement-parts.js';
import { removeUndeclaredDirectories } from './remove-undeclared-directories.js';
import { reportUndeclared } from './report-undeclared.js';
import { restoreUndeclared, type UndeclaredIntent } from './restore-undeclared.js';
import { stageUndeclared } from './stage-undeclared.js';

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
  const undeclared = await beginUndeclared(parts, report);
  await restoreUndeclared(parts, undeclared.blocking, report);
  await putBackArtifacts(parts, report);
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
      report.failed.push(describeFailure(parts.logger, intent.path, savedAt, error));
    }
  });
  await restoreUndeclared(parts, undeclared.others, report);
  await removeUndeclaredDirectories(parts, undeclared.found);
  await removeDirectories(parts, report);
  reportOnUndeclared(parts, undeclared, report);
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

interface UndeclaredWork {
  found: Undeclared;
  isRestored: boolean;
  /** What stands where a folder of other paths was: out of the way first. */
  blocking: UndeclaredIntent[];
  /** What was there before goes back first, what was not is taken away last. */
  others: UndeclaredIntent[];
}

/** What checks changed outside the plan goes back as well, unless it was kept with the change, or is only reported. */
async function beginUndeclared(parts: ImprovementParts, report: RollbackReport): Promise<UndeclaredWork> {
  const { plan, journal } = parts;
  const found = await findUndeclared(parts);
  const isRestored = plan.undeclared !== 'report' && journal.of('sealed').length === 0;
  const intents = isRestored ? await stageOrReport(parts, found, report) : [];
  const needed = intents.filter(({ before }) => before.kind !== 'absent');
  const created = intents.filter(({ before }) => before.kind === 'absent').reverse();
  const folders = new Set([...plan.paths, ...needed].flatMap(({ path }) => foldersOf(path)));
  return {
    found,
    isRestored,
    blocking: created.filter(({ path }) => folders.has(path)),
    others: [...needed, ...created.filter(({ path }) => !folders.has(path))],
  };
}

async function stageOrReport(
  parts: ImprovementParts,
  found: Undeclared,
  report: RollbackReport,
): Promise<UndeclaredIntent[]> {
  try {
    return await stageUndeclared(parts, found);
  } catch (error) {
    if (hasCode(error, 'LOCK_LOST')) throw error;
    // The planned paths go back all the same: they need no space and no git.
    const { changes } = found;
    report.failed.push(...changes.map(({ path }) => describeFailure(parts.logger, path, null, error)));
    return [];
  }
}

function reportOnUndeclared(
  { journal }: ImprovementParts,
  { found, isRestored, blocking, others }: UndeclaredWork,
  report: RollbackReport,
): void {
  if (journal.of('witness').length === 0) return;
  const failed = new Set(report.failed.map(({ path }) => path));
  const intended = [...blocking, ...others].map(({ path }) => path).filter((path) => !failed.has(path));
  report.undeclared = reportUndeclared(found, isRestored ? new Set(intended) : null, failed);
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

async function removeDirectories(parts: ImprovementParts, report: RollbackReport): Promise<void> {
  const { fileSystem: fs, root, journal } = parts;
  const made = journal.of('directory-intent').reverse();
  await forEachPathInOrder({ fs, root, sync: true }, made, async (tree, directory) => {
    try {
      await removeDirectory(tree, directory);
    } catch (error) {
      report.failed.push(describeFailure(parts.logger, directory.path, null, error));
    }
  });
}
