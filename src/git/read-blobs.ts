import type { FileSystem } from '../ports/file-system.js';
import type { Spawner } from '../ports/spawner.js';
import { createGit } from './create-git.js';
import type { Repository } from './find-repository.js';
import { prepareCheckpointStore } from './prepare-checkpoint-store.js';
import { gitArguments } from './git-arguments.js';

interface BlobRequest {
  fileSystem: FileSystem;
  spawn: Spawner;
  repository: Repository;
  /** Our own bare repository, absolute. */
  store: string;
  oids: readonly string[];
}

/**
 * The contents of objects of our store or the user's; one that neither has is left out.
 *
 * @throws MoultError GIT_MISSING, GIT_FAILED.
 */
export async function readBlobs(request: BlobRequest): Promise<Map<string, Buffer>> {
  const { fileSystem, spawn, repository, store, oids } = request;
  const blobs = new Map<string, Buffer>();
  if (oids.length === 0) return blobs;
  // The repository may have been moved since.
  await prepareCheckpointStore(fileSystem, store, repository);
  const git = createGit({ spawn, gitDir: store, cwd: store });
  const output = await git(gitArguments('cat-file', ['--batch']), {
    stdin: Buffer.from(`${oids.join('\n')}\n`),
  });
  for (let at = 0; at < output.length;) {
    const end = output.indexOf('\n', at);
    const [oid = '', type, size] = output.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (type !== 'blob') continue;
    blobs.set(oid, output.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return blobs;
}
