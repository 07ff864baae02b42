import * as path from 'node:path';
import type { FileSystem } from '../ports/file-system.js';
import type { Spawner } from '../ports/spawner.js';
import { checkpointRef } from './checkpoint-ref.js';
import type { Repository } from './find-repository.js';
import { pathToName } from './git-name.js';
import { placeInRepository } from './place-in-repository.js';
import { prepareCheckpointStore } from './prepare-checkpoint-store.js';
import { readIfPresent } from './read-if-present.js';
import { createGit } from './create-git.js';
import { gitArguments } from './git-arguments.js';

export interface CheckpointFile {
  fileSystem: FileSystem;
  spawn: Spawner;
  repository: Repository;
  /** The project root, absolute. */
  root: string;
  /** Our own bare repository, absolute. */
  store: string;
  taskId: string;
  /** Default: the newest checkpoint of the task. */
  commit?: string;
  /** Relative to the root, with forward slashes. */
  path: string;
  signal?: AbortSignal;
}

/**
 * The bytes a file had when the checkpoint was made (of a symbolic link: its target); null where the checkpoint has no
 * such file, or the task no checkpoint.
 *
 * @throws MoultError GIT_FAILED where the checkpoint is damaged, or where only the file's hash was kept.
 */
export async function readCheckpointFile(request: CheckpointFile): Promise<Buffer | null> {
  const { fileSystem, spawn, repository, store, signal } = request;
  const commit = await commitOf(request);
  if (commit === null) return null;
  // The repository may have been moved since.
  await prepareCheckpointStore(fileSystem, store, repository);
  const git = createGit({ spawn, gitDir: store, cwd: store, ...(signal && { signal }) });
  const name = path.posix.join(await placeInRepository(fileSystem, repository, request.root), request.path);
  const output = await git(
    gitArguments('ls-tree', ['-z', '--full-tree'], { objects: [commit], paths: [name] }),
  );
  const oid = blobAt(output, pathToName(name));
  return oid === null ? null : git(gitArguments('cat-file', ['blob'], { objects: [oid] }));
}

async function commitOf({ fileSystem, store, taskId, commit }: CheckpointFile): Promise<string | null> {
  if (commit !== undefined) return commit;
  const ref = path.join(store, 'refs', 'checkpoints', checkpointRef(taskId));
  return (await readIfPresent(fileSystem, ref))?.toString('latin1').trim() ?? null;
}

/** Of a line `<mode> blob <oid>\t<name>`. */
function blobAt(output: Buffer, name: string): string | null {
  for (const line of output.toString('latin1').split('\0')) {
    const [, oid, found] = /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    if (oid !== undefined && found === name) return oid;
  }
  return null;
}
