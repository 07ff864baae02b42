import * as path from 'node:path';
import type { FileSystem } from '../ports/file-system.js';
import { hasCode } from './has-code.js';
import { inSmallGroups } from './in-small-groups.js';
import { syncDirectory } from './sync-directory.js';

export interface Publication {
  fileSystem: FileSystem;
  store: string;
  /** Where the new objects lie: see IncomingObjects. */
  directory: string;
  /** A finished file outside the store's `refs`, and the name it gets there. */
  ref: { draft: string; name: string };
}

interface Move {
  from: string;
  to: string;
}

/**
 * Moves new objects and the ref that names them into the store. First every file is flushed, then renamed, then the
 * folders are flushed: when this returns, a power loss takes nothing of it.
 */
export async function publishCheckpoint({ fileSystem, store, directory, ref }: Publication): Promise<void> {
  const objects = await listObjects(fileSystem, directory, path.join(store, 'objects'));
  const moves = [...objects, { from: ref.draft, to: path.join(store, 'refs', 'checkpoints', ref.name) }];
  await inSmallGroups(moves, ({ from }) => syncFile(fileSystem, from));
  const folders = [...new Set(moves.map(({ to }) => path.dirname(to)))];
  for (const folder of folders) await fileSystem.mkdir(folder, { recursive: true, mode: 0o700 });
  for (const { from, to } of moves) await fileSystem.rename(from, to);
  await inSmallGroups([...folders, path.join(store, 'objects')], (folder) =>
    syncDirectory(fileSystem, folder),
  );
}

/** Finished objects only: what git did not finish writing has another name. */
async function listObjects(fileSystem: FileSystem, directory: string, target: string): Promise<Move[]> {
  const groups = (await fileSystem.readdir(directory)).filter((name) => /^[0-9a-f]{2}$/.test(name));
  const moves = await inSmallGroups(groups, async (group) =>
    (await fileSystem.readdir(path.join(directory, group)))
      .filter((name) => /^[0-9a-f]{38}(?:[0-9a-f]{24})?$/.test(name))
      .map((name) => ({ from: path.join(directory, group, name), to: path.join(target, group, name) })),
  );
  return moves.flat();
}

async function syncFile(fileSystem: FileSystem, file: string): Promise<void> {
  const handle = await fileSystem.open(file, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Windows flushes only what is open for writing, and git writes its objects read-only.
    if (!hasCode(error, 'EPERM')) throw error;
  } finally {
    await handle.close();
  }
}
