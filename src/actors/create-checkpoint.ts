import type { Checkpoint } from '../../machines/improvement-types.js';
import { MoultError } from '../errors/moult-error.js';
import { createCheckpoint as createGitCheckpoint } from '../git/create-checkpoint.js';
import { keepArtifacts } from './artifacts/keep-artifacts.js';
import type { ImprovementParts } from './improvement-parts.js';

/**
 * Makes the restore point of the whole working tree, and keeps what was built; outside git there is no restore point, and the
 * before-images carry alone.
 *
 * @throws WITNESS_MISSING where changes outside the plan are to be refused and there is none; ARTIFACTS_TOO_LARGE.
 */
export async function createCheckpoint(parts: ImprovementParts, signal: AbortSignal): Promise<Checkpoint> {
  const checkpoint = await makeCheckpoint(parts, signal);
  if (checkpoint.kind === 'none' && parts.plan.undeclared === 'refuse')
    throw new MoultError('WITNESS_MISSING', { reason: checkpoint.reason });
  await keepArtifacts(parts, signal);
  return checkpoint;
}

async function makeCheckpoint(parts: ImprovementParts, signal: AbortSignal): Promise<Checkpoint> {
  const { fileSystem, spawn, root, repository, checkpoints, folder } = parts;
  if (!repository) return { kind: 'none', reason: 'the project is not in a git repository' };
  const checkpoint = await createGitCheckpoint({
    fileSystem,
    spawn,
    repository,
    root,
    store: checkpoints,
    scratch: folder.scratchFolder,
    taskId: folder.taskId,
    signal,
  });
  const notices = checkpoint.kind === 'git' ? checkpoint.notices : [checkpoint.reason];
  for (const notice of notices) parts.logger.info(`[moult] checkpoint: ${notice}`);
  return checkpoint;
}
