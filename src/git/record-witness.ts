import * as path from 'node:path';
import { checkpointRef } from './checkpoint-ref.js';
import type { CheckpointRequest } from './checkpoint-request.js';
import { checksRef } from './checks-ref.js';
import { commitWorkingTree } from './commit-working-tree.js';
import { readIfPresent } from './read-if-present.js';
import { readObject } from './read-object.js';

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
  const name = checksRef(request.taskId);
  const { tree, head, updates } = await commitWorkingTree(request, name, await readCheckpoint(request));
  const permissions = updates.flatMap(({ path, permissions: mode }): [string, number][] =>
    mode === undefined ? [] : [[path, mode]],
  );
  return { tree, head: head.commit, permissions };
}

/** What the ref of the checkpoint keeps needs no second ref. */
async function readCheckpoint({
  fileSystem,
  store,
  taskId,
}: CheckpointRequest): Promise<{ tree: string; commit: string } | null> {
  const ref = path.join(store, 'refs', 'checkpoints', checkpointRef(taskId));
  const commit = (await readIfPresent(fileSystem, ref))?.toString('latin1').trim();
  const object = commit === undefined ? null : await readObject(fileSystem, store, commit);
  const [, tree] = /\0tree ([0-9a-f]+)\n/.exec(object?.toString('latin1') ?? '') ?? [];
  return commit !== undefined && tree !== undefined ? { tree, commit } : null;
}
