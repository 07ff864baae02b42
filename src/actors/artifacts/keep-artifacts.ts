import * as path from 'node:path';
import { syncDirectory } from '../../store/durable-file.js';
import type { JournalBody } from '../../store/journal.js';
import type { ImprovementParts } from '../improvement-parts.js';
import { artifactFacts } from './artifact-facts.js';
import { copyArtifact } from './copy-artifact.js';
import { requireSmallArtifacts } from './require-small-artifacts.js';

type Kept = Extract<JournalBody, { type: 'artifacts' }>['kept'];

/**
 * Copies what was built into the task's folder before anything is changed, so that a rollback only has to rename it into
 * place. Once: an improvement that is resumed goes back to how it was at first.
 *
 * @throws ARTIFACTS_TOO_LARGE; what was copied so far is removed then, as after every failure.
 */
export async function keepArtifacts(parts: ImprovementParts, signal: AbortSignal): Promise<void> {
  const { fileSystem: fs, root, plan, folder, journal, lock, logger, rules } = parts;
  if ((plan.artifacts ?? []).length === 0 || journal.of('artifacts').length > 0) return;
  const { config } = await rules();
  const place = { fileSystem: fs, root, plan, stateDirectory: path.join(folder.path, '..', '..') };
  const { paths, outOfReach } = await requireSmallArtifacts(place, config.limits.artifactBytes);
  for (const artifact of outOfReach)
    logger.warn(`[moult] ${artifact} lies on another device than the state: a rollback leaves it as it is.`);
  await fs.rm(folder.artifactsFolder, { recursive: true, force: true });
  try {
    await fs.mkdir(folder.artifactsFolder, { mode: 0o700 });
    const kept: Kept = [];
    for (const artifact of paths) {
      signal.throwIfAborted();
      const facts = await artifactFacts(fs, root, artifact);
      if (facts === null) continue;
      await copyArtifact(fs, root, artifact, folder.artifact(kept.length));
      kept.push({ path: artifact, fingerprint: facts.fingerprint });
    }
    await syncDirectory(fs, folder.artifactsFolder);
    await syncDirectory(fs, folder.path);
    await journal.append([{ type: 'artifacts', kept }], lock());
  } catch (error) {
    await fs.rm(folder.artifactsFolder, { recursive: true, force: true });
    throw error;
  }
}
