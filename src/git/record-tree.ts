import { randomUUID } from 'node:crypto';
import * as path from 'node:path';
import type { Capture } from './capture-file.js';
import type { CheckpointRequest } from './checkpoint-request.js';
import { copyIndex } from './copy-index.js';
import { findCandidates } from './find-candidates.js';
import type { IncomingObjects } from './incoming-objects.js';
import type { Head } from './read-head.js';
import { createGit } from './run-git.js';
import { updateIndex } from './update-index.js';
import { WorkingTree } from './working-tree.js';

export interface RecordedTree {
  tree: string;
  /** What is not in the tree, in words. */
  notices: string[];
}

/** How much of untracked and filtered files is copied into one checkpoint. */
const copiedBytes = 256 * 1024 * 1024;

/** Writes the working tree as a git tree, by way of a copy of the user's index. */
export async function recordTree(
  request: CheckpointRequest,
  incoming: IncomingObjects,
  head: Head,
): Promise<RecordedTree> {
  const { fileSystem, spawn, repository, store, scratch, signal } = request;
  const indexFile = path.join(scratch, `index-${randomUUID()}`);
  const git = createGit({
    spawn,
    gitDir: store,
    workTree: repository.topLevel,
    indexFile,
    objectDirectory: incoming.directory,
    cwd: repository.topLevel,
    ...(signal && { signal }),
  });
  const capture: Capture = {
    fileSystem,
    tree: new WorkingTree(fileSystem, repository.topLevel),
    incoming,
    format: repository.objectFormat,
    budget: { leftBytes: copiedBytes },
    notices: [],
  };
  try {
    const index = await copyIndex({ fileSystem, repository, indexFile, store, git });
    const candidates = await findCandidates(request, { git, index, head });
    await updateIndex(git, capture, candidates, signal);
    const tree = await git(['write-tree', '--missing-ok']);
    return { tree: tree.toString('latin1').trim(), notices: capture.notices };
  } finally {
    for (const file of [indexFile, `${indexFile}.lock`]) await fileSystem.rm(file, { force: true });
  }
}
