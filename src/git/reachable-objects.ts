import type { FileSystem } from '../ports/file-system.js';
import { readObject } from './read-object.js';

const folderMode = '40000';

/**
 * The objects of our store that the given checkpoints need. What lies in the user's own objects needs nothing of ours,
 * so it is not looked at: this costs what the checkpoints differ from the user's history, not what the project holds.
 *
 * @throws where an object cannot be read.
 */
export async function reachableObjects(
  fileSystem: FileSystem,
  store: string,
  commits: readonly string[],
): Promise<Set<string>> {
  const reached = new Set<string>();
  const waiting = [...commits];
  for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
    if (reached.has(oid)) continue;
    reached.add(oid);
    const { folders, files } = await namedBy(fileSystem, store, oid);
    waiting.push(...folders);
    files.forEach((file) => reached.add(file));
  }
  return reached;
}

interface Named {
  /** To be looked into. */
  folders: string[];
  files: string[];
}

async function namedBy(fileSystem: FileSystem, store: string, oid: string): Promise<Named> {
  const object = await readObject(fileSystem, store, oid);
  if (object === null) return { folders: [], files: [] };
  const start = object.indexOf(0) + 1;
  const type = object.toString('latin1', 0, object.indexOf(' '));
  const content = object.subarray(start);
  if (type === 'tree') return entriesOf(content, oid.length / 2);
  const tree = type === 'commit' ? /^tree ([0-9a-f]+)\n/.exec(content.toString('latin1'))?.[1] : undefined;
  if (tree === undefined) throw new Error(`${oid} in ${store} is no checkpoint`);
  return { folders: [tree], files: [] };
}

function entriesOf(tree: Buffer, oidBytes: number): Named {
  const named: Named = { folders: [], files: [] };
  for (let at = 0; at < tree.length;) {
    const end = tree.indexOf(0, at);
    if (end < 0) throw new Error('A tree of a checkpoint ends within an entry');
    const mode = tree.toString('latin1', at, tree.indexOf(' ', at));
    at = end + 1 + oidBytes;
    (mode === folderMode ? named.folders : named.files).push(tree.toString('hex', end + 1, at));
  }
  return named;
}
