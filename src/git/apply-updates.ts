import { foldersOf } from './folders-of.js';
import type { Update } from './find-updates.js';
import type { IndexEntry } from './parse-index.js';

/** A file, link or submodule as a tree names it. */
export interface TreeEntry {
  path: string;
  mode: string;
  oid: string;
}

/** What the trees of the working tree must hold, sorted as git sorts an index. */
export function applyUpdates(entries: readonly IndexEntry[], updates: readonly Update[]): TreeEntry[] {
  const added = updates.flatMap(({ path, entry }) => (entry === null ? [] : [{ path, ...entry }]));
  const displaced = displacedBy(added);
  const replaced = new Set(updates.map(({ path }) => path));
  const kept = entries
    .filter(
      ({ path, stage, intentToAdd }) =>
        stage === 0 && !intentToAdd && !replaced.has(path) && !displaced(path),
    )
    .map(({ path, mode, oid }) => ({ path, mode: mode.toString(8), oid }));
  return merge(
    kept,
    added.sort((a, b) => (a.path < b.path ? -1 : 1)),
  );
}

/** A path cannot stay where one of its folders is a file now, or where it is a folder now. */
function displacedBy(added: readonly TreeEntry[]): (path: string) => boolean {
  const files = new Set(added.map(({ path }) => path));
  const folders = new Set(added.flatMap(({ path }) => foldersOf(path)));
  return (path) => folders.has(path) || foldersOf(path).some((folder) => files.has(folder));
}

/** Of two sorted lists, one: sorting it all again would cost more than everything else here. */
function merge(kept: readonly TreeEntry[], added: readonly TreeEntry[]): TreeEntry[] {
  const merged: TreeEntry[] = [];
  let next = 0;
  for (const entry of kept) {
    while (next < added.length && (added[next] as TreeEntry).path < entry.path) {
      merged.push(added[next++] as TreeEntry);
    }
    merged.push(entry);
  }
  return merged.concat(added.slice(next));
}
