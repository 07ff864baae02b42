import * as path from 'node:path';
import type { FileSystem } from '../ports/file-system.js';
import { inSmallGroups } from './in-small-groups.js';
import type { IncomingObjects } from './incoming-objects.js';
import { syncDirectory } from '../store/durable-file.js';

export interface Publication {
  fileSystem: FileSystem;
  store: string;
  incoming: IncomingObjects;
  /** The name of the ref below `refs/checkpoints/`. */
  name: string;
  /** What the ref names. */
  commit: string;
}

interface Move {
  from: string;
  to: string;
}

/**
 * Moves new objects, and then the ref that names them, into the store. First every file is flushed, then renamed, then
 * the folders are flushed: when this returns, a power loss takes nothing of it.
 */
export async function publishCheckpoint(publication: Publication): Promise<void> {
  const { fileSystem, store } = publication;
  const objects = objectMoves(publication);
  const ref = await draftRef(publication);
  await inSmallGroups([...objects, ref], ({ from }) => fileSystem.syncFile(from));
  const folders = [...new Set(objects.map(({ to }) => path.dirname(to)))];
  await inSmallGroups(folders, (folder) => fileSystem.mkdir(folder, { recursive: true, mode: 0o700 }));
  await inSmallGroups(objects, ({ from, to }) => fileSystem.rename(from, to));
  await fileSystem.rename(ref.from, ref.to);
  const changed = [...folders, path.join(store, 'objects'), path.dirname(ref.to)];
  await inSmallGroups(changed, (folder) => syncDirectory(fileSystem, folder));
}

const objectMoves = ({ store, incoming }: Publication): Move[] =>
  incoming.names.map((oid) => ({
    from: path.join(incoming.directory, oid),
    to: path.join(store, 'objects', oid.slice(0, 2), oid.slice(2)),
  }));

async function draftRef({ fileSystem, store, incoming, name, commit }: Publication): Promise<Move> {
  const from = path.join(incoming.directory, 'ref');
  await fileSystem.writeFile(from, `${commit}\n`, { mode: 0o600 });
  return { from, to: path.join(store, 'refs', 'checkpoints', name) };
}
