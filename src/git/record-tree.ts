import { randomUUID } from 'node:crypto';
import * as path from 'node:path';
import { buildTrees } from './build-trees.js';
import type { Capture } from './capture-file.js';
import type { CheckpointRequest } from './checkpoint-request.js';
import { copyIndex } from './copy-index.js';
import { findCandidates } from './find-candidates.js';
import { findUpdates } from './find-updates.js';
import { inSmallGroups } from './in-small-groups.js';
import type { IncomingObjects } from './incoming-objects.js';
import type { Head } from './read-head.js';
import { readIndex } from './read-index.js';
import { createGit } from './create-git.js';
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
  const format = repository.objectFormat;
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
  const tree = new WorkingTree(fileSystem, repository.topLevel);
  const capture: Capture = { fileSystem, tree, incoming, format, leftBytes: copiedBytes, notices: [] };
  const { bytes, files } = await copyIndex({ fileSystem, repository, indexFile, store });
  try {
    const readCopy = () => readIndex({ fileSystem, git, indexFile, bytes, format });
    const { index, candidates } = await findCandidates(request, { git, readCopy, head });
    const updates = await findUpdates(capture, candidates, signal);
    const { tree, objects } = buildTrees(index, updates, format);
    await inSmallGroups(objects, (object) => incoming.write(object));
    return { tree, notices: capture.notices };
  } finally {
    for (const file of files) await fileSystem.rm(file, { force: true });
  }
}
