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

export interface Witness {
  tree: string;
  /** The commit of HEAD; null where there is none, or where it cannot be told. */
  head: string | null;
}

export interface RecordedWitness extends Witness {
  /** What is known of rights: by name, one character per byte, from the top of the working tree. */
  permissions: [name: string, mode: number][];
}

/**
 * Records the working tree as it is before the checks begin, but for what is left out. Durable when this returns. Where
 * it is what the checkpoint has already, nothing is written.
 *
 * @returns what `compareWithWitness` compares with.
 * @throws MoultError GIT_MISSING, GIT_FAILED, FILE_UNREADABLE; the signal's reason where it is aborted.
 */
export async function recordWitness(request: CheckpointRequest): Promise<RecordedWitness> {
  const { fileSystem, repository, store, taskId, signal, clock = systemClock } = request;
  const name = checksRef(taskId);
  signal?.throwIfAborted();
  const [head] = await Promise.all([
    readHead(fileSystem, repository),
    prepareCheckpointStore(fileSystem, store, repository),
  ]);
  return withIncomingFolder(fileSystem, store, async (folder) => {
    const incoming = new IncomingObjects(fileSystem, store, repository.objectFormat, folder);
    const { tree, updates, notices } = await recordTree(request, incoming, head);
    signal?.throwIfAborted();
    const permissions = updates.flatMap(({ path, permissions: mode }): [string, number][] =>
      mode === undefined ? [] : [[path, mode]],
    );
    const witness = { tree, head: head.commit, permissions };
    if (tree === (await treeOfCheckpoint(request))) return witness;
    const object = checkpointCommit({ tree, taskId: name, head, notices, nowMs: clock.now() });
    const commit = await incoming.write(object);
    await publishCheckpoint({ fileSystem, store, incoming, name, commit });
    return witness;
  });
}

/** What the ref of the checkpoint keeps needs no second ref. */
async function treeOfCheckpoint({ fileSystem, store, taskId }: CheckpointRequest): Promise<string | null> {
  const ref = path.join(store, 'refs', 'checkpoints', checkpointRef(taskId));
  const commit = (await readIfPresent(fileSystem, ref))?.toString('latin1').trim();
  const object = commit === undefined ? null : await readObject(fileSystem, store, commit);
  return object && (/\0tree ([0-9a-f]+)\n/.exec(object.toString('latin1'))?.[1] ?? null);
}
