import { systemClock } from '../ports/clock.js';
import { checkpointCommit } from './checkpoint-commit.js';
import type { CheckpointRequest } from './checkpoint-request.js';
import { IncomingObjects } from './incoming-objects.js';
import { prepareCheckpointStore } from './prepare-checkpoint-store.js';
import { publishCheckpoint } from './publish-checkpoint.js';
import { readHead, type Head } from './read-head.js';
import { recordTree, type RecordedTree } from './record-tree.js';
import { withIncomingFolder } from './with-incoming-folder.js';

export interface CommittedTree extends RecordedTree {
  head: Head;
  commit: string;
}

/**
 * Records the working tree as it is in our own repository, as the commit that the ref `name` (below `refs/checkpoints/`)
 * names then; where it is the tree of the commit `known`, nothing is written. Durable when this returns.
 *
 * @throws MoultError GIT_MISSING, GIT_FAILED, FILE_UNREADABLE; the signal's reason where it is aborted.
 */
export async function commitWorkingTree(
  request: CheckpointRequest,
  name: string,
  known: { tree: string; commit: string } | null = null,
): Promise<CommittedTree> {
  const { fileSystem, repository, store, signal, clock = systemClock } = request;
  signal?.throwIfAborted();
  const [head] = await Promise.all([
    readHead(fileSystem, repository),
    prepareCheckpointStore(fileSystem, store, repository),
  ]);
  return withIncomingFolder(fileSystem, store, async (folder) => {
    const incoming = new IncomingObjects(fileSystem, store, repository.objectFormat, folder);
    const recorded = await recordTree(request, incoming, head);
    signal?.throwIfAborted();
    const { tree, notices } = recorded;
    if (tree === known?.tree) return { ...recorded, head, commit: known.commit };
    const object = checkpointCommit({ tree, name, head, notices, nowMs: clock.now() });
    const commit = await incoming.write(object);
    await publishCheckpoint({ fileSystem, store, incoming, name, commit });
    return { ...recorded, head, commit };
  });
}
