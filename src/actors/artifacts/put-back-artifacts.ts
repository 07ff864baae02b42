import { randomUUID } from 'node:crypto';
import * as path from 'node:path';
import type { RollbackReport } from '../../../machines/improvement-types.js';
import { hasCode } from '../../errors/has-code.js';
import { nullIfAbsent } from '../../errors/null-if-absent.js';
import { foldersOf } from '../../git/folders-of.js';
import type { DirectoryHandle } from '../../ports/file-system.js';
import { forEachPathInOrder } from '../../workspace/for-each-path.js';
import { lstatOrNull } from '../../workspace/read-image.js';
import { parentPath, type Tree } from '../../workspace/tree.js';
import { describeFailure } from '../describe-failure.js';
import type { ImprovementParts } from '../improvement-parts.js';
import { artifactFacts } from './artifact-facts.js';
import { findArtifacts } from './find-artifacts.js';

interface Artifact {
  path: string;
  /** Null where nothing was built. */
  before: { fingerprint: string; savedAt: string } | null;
}

/**
 * Puts back what was built before the change, by renames alone; what was built since is moved into the task's folder and goes with
 * it. What nothing has touched stays as it is. May run any number of times.
 */
export async function putBackArtifacts(parts: ImprovementParts, report: RollbackReport): Promise<void> {
  const { fileSystem: fs, root, folder, journal, lock, logger } = parts;
  const record = journal.of('artifacts').at(-1);
  // An improvement that was completed let go of them: what is built now may be of a later one.
  if (record === undefined || (await lstatOrNull(fs, folder.artifactsFolder)) === null) return;
  const kept = record.kept.map(({ path: artifact, fingerprint }, index) => ({
    path: artifact,
    before: { fingerprint, savedAt: folder.artifact(index) },
  }));
  const built = await builtSince(parts, new Set(kept.map(({ path: artifact }) => artifact)), report);
  await forEachPathInOrder({ fs, root, sync: true }, [...built, ...kept], async (tree, artifact) => {
    await lock().assertHeld();
    try {
      if (await putBack(parts, tree, artifact)) report.restored.push(artifact.path);
    } catch (error) {
      if (hasCode(error, 'LOCK_LOST')) throw error;
      report.failed.push(describeFailure(logger, artifact.path, artifact.before?.savedAt ?? null, error));
    }
  });
}

/** The paths of the plan go back whether or not this can be found out. */
async function builtSince(
  { fileSystem, root, plan, folder, logger }: ImprovementParts,
  known: ReadonlySet<string>,
  report: RollbackReport,
): Promise<Artifact[]> {
  try {
    const stateDirectory = path.join(folder.path, '..', '..');
    const { paths } = await findArtifacts({ fileSystem, root, plan, stateDirectory });
    return paths
      .filter((artifact) => !known.has(artifact))
      .map((artifact) => ({ path: artifact, before: null }));
  } catch (error) {
    report.failed.push(describeFailure(logger, (plan.artifacts ?? []).join(', '), null, error));
    return [];
  }
}

async function putBack(parts: ImprovementParts, tree: Tree, artifact: Artifact): Promise<boolean> {
  const { fileSystem: fs, root, folder } = parts;
  const { before } = artifact;
  if (before !== null) {
    if ((await lstatOrNull(fs, before.savedAt)) === null) return false;
    const now = await artifactFacts(fs, root, artifact.path);
    if (now?.fingerprint === before.fingerprint) return false;
  }
  const parent = await parentDirectory(tree, artifact.path);
  const target = parent.at(path.posix.basename(artifact.path));
  await fs.rename(target, path.join(folder.takenFolder, `artifact.${randomUUID()}`)).catch(nullIfAbsent);
  if (before !== null) await fs.rename(before.savedAt, target);
  return true;
}

/** A check may have removed it. */
async function parentDirectory(tree: Tree, artifact: string): Promise<DirectoryHandle> {
  for (const folder of foldersOf(artifact)) {
    if (await tree.directory(folder)) continue;
    const { parent, name } = await tree.parentOf(folder);
    await tree.fs.mkdir(parent!.at(name));
  }
  return (await tree.directory(parentPath(artifact)))!;
}
