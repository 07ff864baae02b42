import type { GitObject } from './git-object.js';
import type { Head } from './read-head.js';

export interface CheckpointCommit {
  tree: string;
  /** Of its ref, below `refs/checkpoints/`. */
  name: string;
  head: Head;
  notices: readonly string[];
  /** Milliseconds since the epoch. */
  nowMs: number;
}

/** The commit that names a checkpoint's tree. It has no parents: nothing of the user's history depends on it. */
export function checkpointCommit({ tree, name, head, notices, nowMs }: CheckpointCommit): GitObject {
  const who = `moult <moult@localhost> ${Math.floor(nowMs / 1000)} +0000`;
  const unknown = head.isReadable ? 'none yet' : 'not known';
  const lines = [
    `tree ${tree}`,
    `author ${who}`,
    `committer ${who}`,
    '',
    `moult checkpoint ${name}`,
    '',
    `HEAD: ${head.commit ?? unknown}`,
    ...notices.map((notice) => `notice: ${notice}`),
    '',
  ];
  return { type: 'commit', content: Buffer.from(lines.join('\n')) };
}
