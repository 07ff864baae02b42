import { randomUUID } from 'node:crypto';
import * as path from 'node:path';
import { buildTrees } from './build-trees.js';
import type { Capture, ObjectSink } from './capture-file.js';
import type { CheckpointRequest } from './checkpoint-request.js';
import { copyIndex } from './copy-index.js';
import { createGit } from './create-git.js';
import { findCandidates } from './find-candidates.js';
import { findUpdates, type Update } from './find-updates.js';
import type { GitObject } from './git-object.js';
import type { GitIndex } from './parse-index.js';
import type { Head } from './read-head.js';
import { readIndex } from './read-index.js';
import { WorkingTree } from './working-tree.js';

interface Survey {
  head: Head;
  /** Gets the contents that git has not kept. */
  sink: ObjectSink;
  /** Where git would write, absolute. Default: our store. */
  objectDirectory?: string;
}

export interface SurveyedTree {
  tree: string;
  /** The trees git has not written yet. */
  objects: GitObject[];
  index: GitIndex;
  /** Where the working tree differs from the index. */
  updates: Update[];
  /** What is not in the tree, in words. */
  notices: string[];
}

/** How much of untracked and filtered files is copied into one checkpoint. */
const copiedBytes = 256 * 1024 * 1024;

/** Looks at the working tree as a git tree, by way of a copy of the user's index. */
export async function surveyTree(
  request: CheckpointRequest,
  { head, sink, objectDirectory }: Survey,
): Promise<SurveyedTree> {
  const { fileSystem, spawn, repository, store, scratch, signal, isLeftOut } = request;
  const format = repository.objectFormat;
  const indexFile = path.join(scratch, `index-${randomUUID()}`);
  const git = createGit({
    spawn,
    gitDir: store,
    workTree: repository.topLevel,
    indexFile,
    ...(objectDirectory !== undefined && { objectDirectory }),
    cwd: repository.topLevel,
    ...(signal && { signal }),
  });
  const tree = new WorkingTree(fileSystem, repository.topLevel);
  const capture: Capture = { fileSystem, tree, sink, format, leftBytes: copiedBytes, notices: [] };
  const { bytes, files } = await copyIndex({ fileSystem, repository, indexFile, store });
  try {
    const readCopy = () => readIndex({ fileSystem, git, indexFile, bytes, format });
    const { index, candidates } = await findCandidates(request, { git, readCopy, head });
    // A tree cannot be written while a conflict is left in it, whoever is to look at that path.
    const chosen = candidates.filter(({ path, origin }) => origin === 'unmerged' || !isLeftOut?.(path));
    const updates = await findUpdates(capture, chosen, signal);
    return { ...buildTrees(index, updates, format), index, updates, notices: capture.notices };
  } finally {
    for (const file of files) await fileSystem.rm(file, { force: true });
  }
}
