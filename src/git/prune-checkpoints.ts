import * as path from 'node:path';
import type { FileSystem } from '../ports/file-system.js';
import { checkpointRef } from './checkpoint-ref.js';
import { hasCode } from '../errors/has-code.js';
import { checksRef } from './checks-ref.js';
import { reachableObjects } from './reachable-objects.js';
import { syncDirectory } from '../store/durable-file.js';
import { oidPattern } from './git-object.js';

interface Pruning {
  fileSystem: FileSystem;
  /** Our own git repository for checkpoints. */
  store: string;
  /** The tasks whose checkpoints stay. */
  taskIds: readonly string[];
}

/**
 * Removes the checkpoints of all other tasks, and then the objects that no remaining one needs. Only our own store is
 * written. The lock is held. Where anything in the store cannot be read, no object is removed.
 */
export async function pruneCheckpoints({ fileSystem, store, taskIds }: Pruning): Promise<void> {
  const folder = path.join(store, 'refs', 'checkpoints');
  const kept = new Set(taskIds.flatMap((taskId) => [checkpointRef(taskId), checksRef(taskId)]));
  const names = await listed(fileSystem, folder);
  const gone = names.filter((name) => !kept.has(name));
  for (const name of gone) await fileSystem.rm(path.join(folder, name), { force: true });
  // A ref that came back after a power loss would name objects that are gone.
  if (gone.length > 0) await syncDirectory(fileSystem, folder);
  const refs = names.filter((name) => kept.has(name)).map((name) => path.join(folder, name));
  await removeUnneeded(fileSystem, store, await commitsOf(fileSystem, refs));
}

async function commitsOf(fileSystem: FileSystem, refs: readonly string[]): Promise<string[]> {
  const commits: string[] = [];
  for (const ref of refs) {
    const commit = (await fileSystem.readFile(ref, 'utf8')).trim();
    if (!oidPattern.test(commit)) throw new Error(`${ref} names no commit`);
    commits.push(commit);
  }
  return commits;
}

async function removeUnneeded(
  fileSystem: FileSystem,
  store: string,
  commits: readonly string[],
): Promise<void> {
  const needed = await reachableObjects(fileSystem, store, commits);
  const objects = path.join(store, 'objects');
  const groups = (await listed(fileSystem, objects)).filter((name) => /^[0-9a-f]{2}$/.test(name));
  for (const group of groups) {
    const rests = await listed(fileSystem, path.join(objects, group));
    const unneeded = rests.filter((rest) => oidPattern.test(group + rest) && !needed.has(group + rest));
    for (const rest of unneeded) await fileSystem.rm(path.join(objects, group, rest), { force: true });
  }
}

async function listed(fileSystem: FileSystem, folder: string): Promise<string[]> {
  try {
    return await fileSystem.readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
