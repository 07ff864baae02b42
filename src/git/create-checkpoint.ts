import type { Checkpoint } from '../../machines/improvement-types.js';
import { MoultError } from '../errors/moult-error.js';
import { checkpointRef } from './checkpoint-ref.js';
import type { CheckpointRequest } from './checkpoint-request.js';
import { commitWorkingTree } from './commit-working-tree.js';

/**
 * Makes a restore point of the working tree as it is, byte for byte, in a git repository of our own. Nothing is written
 * to the user's repository, and nothing it configures is run. Durable when this returns. Called again for the same task
 * it makes a new one.
 *
 * Ignored files, submodules and repositories inside the project are not part of it. `notices` says what else is not.
 *
 * @returns `none` where there is no git program.
 * @throws MoultError GIT_FAILED where git fails, FILE_UNREADABLE where a tracked file cannot be read; the signal's
 * reason where it is aborted.
 */
export async function createCheckpoint(request: CheckpointRequest): Promise<Checkpoint> {
  try {
    const { commit, notices } = await commitWorkingTree(request, checkpointRef(request.taskId));
    return { kind: 'git', commit, notices };
  } catch (error) {
    if (!(error instanceof MoultError) || error.code !== 'GIT_MISSING') throw error;
    return { kind: 'none', reason: error.message };
  }
}
