import { applyUpdates, type TreeEntry } from './apply-updates.js';
import { foldersOf } from './folders-of.js';
import type { Update } from './find-updates.js';
import { objectId, type GitObject, type ObjectFormat } from './git-object.js';
import type { GitIndex } from './parse-index.js';

export interface BuiltTrees {
  /** The tree of the top folder. */
  tree: string;
  /** The trees git has not written yet. */
  objects: GitObject[];
}

/**
 * The trees of the index with the updates made to it, as `git update-index` and `git write-tree` would write them; but
 * the user's objects and times stay untouched, and no process is started. What git has written already is only named.
 */
export function buildTrees(index: GitIndex, updates: readonly Update[], format: ObjectFormat): BuiltTrees {
  const known = index.trees.get('');
  if (updates.length === 0 && known !== undefined) return { tree: known, objects: [] };
  const entries = applyUpdates(index.entries, updates);
  const builder = new TreeBuilder(entries, untouchedTrees(index, updates), format);
  return { tree: builder.build('', 0, entries.length), objects: builder.objects };
}

/** The known trees without those of folders that hold an update. */
function untouchedTrees({ trees }: GitIndex, updates: readonly Update[]): ReadonlyMap<string, string> {
  const untouched = new Map(trees);
  if (updates.length > 0) untouched.delete('');
  for (const { path } of updates) {
    for (const folder of foldersOf(path)) untouched.delete(`${folder}/`);
  }
  return untouched;
}

class TreeBuilder {
  readonly objects: GitObject[] = [];

  constructor(
    private readonly entries: readonly TreeEntry[],
    private readonly known: ReadonlyMap<string, string>,
    private readonly format: ObjectFormat,
  ) {}

  /** The tree of a folder, whose entries are those from `start` up to `end`. The order of an index is that of trees. */
  build(folder: string, start: number, end: number): string {
    const known = this.known.get(folder);
    if (known !== undefined) return known;
    const lines: Buffer[] = [];
    for (let at = start; at < end;) {
      const { path, mode, oid } = this.entries[at] as TreeEntry;
      const slash = path.indexOf('/', folder.length);
      if (slash < 0) {
        lines.push(treeLine(mode, path.slice(folder.length), oid));
        at += 1;
        continue;
      }
      const inner = path.slice(0, slash + 1);
      const innerEnd = this.endOf(inner, at, end);
      lines.push(treeLine('40000', path.slice(folder.length, slash), this.build(inner, at, innerEnd)));
      at = innerEnd;
    }
    return this.add(Buffer.concat(lines));
  }

  /** Where the entries below `folder` end, by halving: a folder whose tree is known is not gone through. */
  private endOf(folder: string, start: number, end: number): number {
    let low = start + 1;
    let high = end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.entries[middle] as TreeEntry).path.startsWith(folder)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private add(content: Buffer): string {
    const object: GitObject = { type: 'tree', content };
    this.objects.push(object);
    return objectId(this.format, object);
  }
}

const treeLine = (mode: string, name: string, oid: string): Buffer =>
  Buffer.concat([Buffer.from(`${mode} ${name}\0`, 'latin1'), Buffer.from(oid, 'hex')]);
