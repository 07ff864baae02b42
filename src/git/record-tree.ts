import type { CheckpointRequest } from './checkpoint-request.js';
import { inSmallGroups } from './in-small-groups.js';
import type { IncomingObjects } from './incoming-objects.js';
import type { Update } from './find-updates.js';
import type { Head } from './read-head.js';
import { surveyTree } from './survey-tree.js';

export interface RecordedTree {
  tree: string;
  /** Where the working tree differs from the index. */
  updates: readonly Update[];
  /** What is not in the tree, in words. */
  notices: string[];
}

/** Writes the working tree as a git tree, by way of a copy of the user's index. */
export async function recordTree(
  request: CheckpointRequest,
  incoming: IncomingObjects,
  head: Head,
): Promise<RecordedTree> {
  const { tree, objects, updates, notices } = await surveyTree(request, {
    head,
    sink: incoming,
    objectDirectory: incoming.directory,
  });
  await inSmallGroups(objects, (object) => incoming.write(object));
  return { tree, updates, notices };
}
