import type { Checkpoint } from '../../machines/improvement-types.js';
import { MoultError } from '../errors/moult-error.js';
import { systemClock } from '../ports/clock.js';
import { checkpointCommit } from './checkpoint-commit.js';
import { checkpointRef } from './checkpoint-ref.js';
import type { CheckpointRequest } from './checkpoint-request.js';
import { IncomingObjects } from './incoming-objects.js';
import { prepareCheckpointStore } from './prepare-checkpoint-store.js';
import { publishCheckpoint } from './publish-checkpoint.js';
import { readHead } from './read-head.js';
import { recordTree } from './record-tree.js';
import { withIncomingFolder } from './with-incoming-folder.js';

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
    return await takeCheckpoint(request);
  } catch (error) {
    if (!(error instanceof MoultError) || error.code !== 'GIT_MISSING') throw error;
    return { kind: 'none', reason: error.message };
  }
}

async function takeCheckpoint(request: CheckpointRequest): Promise<Checkpoint> {
  const { fileSystem, repository, store, taskId, signal, clock = systemClock } = request;
  const name = checkpointRef(taskId);
  signal?.throwIfAborted();
  const [head] = await Promise.all([
    readHead(fileSystem, repository),
    prepareCheckpointStore(fileSystem, store, repository),
  ]);
  return withIncomingFolder(fileSystem, store, async (folder) => {
    const incoming = new IncomingObjects(fileSystem, store, repository.objectFormat, folder);
    const { tree, notices } = await recordTree(request, incoming, head);
    signal?.throwIfAborted();
    const object = checkpointCommit({ tree, taskId, head, notices, nowMs: clock.now() });
    const commit = await incoming.write(object);
    await publishCheckpoint({ fileSystem, store, incoming, name, commit });
    return { kind: 'git', commit, notices };
  });
}
