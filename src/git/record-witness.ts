import * as path from 'node:path';
import { systemClock } from '../ports/clock.js';
import { checkpointCommit } from './checkpoint-commit.js';
import { checkpointRef } from './checkpoint-ref.js';
import type { CheckpointRequest } from './checkpoint-request.js';
import { checksRef } from './checks-ref.js';
import { IncomingObjects } from './incoming-objects.js';
import { prepareCheckpointStore } from './prepare-checkpoint-store.js';
import { publishCheckpoint } from './publish-checkpoint.js';
import { readHead } from './read-head.js';
import { readIfPresent } from './read-if-present.js';
import { readObject } from './read-object.js';
import { recordTree } from './record-tree.js';
import { withIncomingFolder } from './with-incoming-folder.js';

/**
 * Records the working tree as it is before the checks begin, but for what is left out. Durable when this returns. Where
 * it is what the checkpoint has already, nothing is written.
 *
 * @returns the name of the tree, for `compareWithWitness`.
 * @throws MoultError GIT_MISSING, GIT_FAILED, FILE_UNREADABLE; the signal's reason where it is aborted.
 */
export async function recordWitness(request: CheckpointRequest): Promise<string> {
  const { fileSystem, repository, store, taskId, signal, clock = systemClock } = request;
  const name = checksRef(taskId);
  signal?.throwIfAborted();
  const [head] = await Promise.all([
    readHead(fileSystem, repository),
    prepareCheckpointStore(fileSystem, store, repository),
  ]);
  return withIncomingFolder(fileSystem, store, async (folder) => {
    const incoming = new IncomingObjects(fileSystem, store, repository.objectFormat, folder);
    const { tree, notices } = await recordTree(request, incoming, head);
    signal?.throwIfAborted();
    if (tree === (await treeOfCheckpoint(request))) return tree;
    const object = checkpointCommit({ tree, taskId: name, head, notices, nowMs: clock.now() });
    const commit = await incoming.write(object);
    await publishCheckpoint({ fileSystem, store, incoming, name, commit });
    return tree;
  });
}

/** What the ref of the checkpoint keeps needs no second ref. */
async function treeOfCheckpoint({ fileSystem, store, taskId }: CheckpointRequest): Promise<string | null> {
  const ref = path.join(store, 'refs', 'checkpoints', checkpointRef(taskId));
  const commit = (await readIfPresent(fileSystem, ref))?.toString('latin1').trim();
  const object = commit === undefined ? null : await readObject(fileSystem, store, commit);
  return object && (/\0tree ([0-9a-f]+)\n/.exec(object.toString('latin1'))?.[1] ?? null);
}
