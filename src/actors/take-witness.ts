import * as path from 'node:path';
import { MoultError } from '../errors/moult-error.js';
import { nameToBytes } from '../git/git-name.js';
import { placeInRepository } from '../git/place-in-repository.js';
import { recordWitness, type RecordedWitness } from '../git/record-witness.js';
import { umask } from '../process/umask.js';
import type { ImprovementParts } from './improvement-parts.js';
import { leftOutOfWitness } from './left-out-of-witness.js';

/**
 * Records the working tree outside the plan before the first check, so that what changes while the checks run can be
 * found. Once: an improvement that is resumed is compared with how it was at first. Without git there is no witness.
 */
export async function takeWitness(parts: ImprovementParts, signal: AbortSignal): Promise<void> {
  const { journal, lock } = parts;
  if (journal.of('witness').length > 0) return;
  const startedNs = await fileSystemTime(parts);
  const witness = await record(parts, signal);
  if (witness === null) return;
  const { tree, head } = witness;
  const modes = await unusualModes(parts, witness);
  await journal.append([{ type: 'witness', tree, head, startedNs: String(startedNs), modes }], lock());
}

async function record(parts: ImprovementParts, signal: AbortSignal): Promise<RecordedWitness | null> {
  const { fileSystem, spawn, root, repository, checkpoints: store, folder } = parts;
  if (!repository) return null;
  const { taskId, scratchFolder: scratch } = folder;
  const isLeftOut = await leftOutOfWitness(parts, repository);
  try {
    return await recordWitness({
      ...{ fileSystem, spawn, root, repository, store, scratch, taskId, signal, isLeftOut },
    });
  } catch (error) {
    if (!(error instanceof MoultError) || error.code !== 'GIT_MISSING') throw error;
    return null;
  }
}

/** By path from the project root. */
async function unusualModes(
  { fileSystem, root, repository }: ImprovementParts,
  { permissions }: RecordedWitness,
): Promise<[string, number][]> {
  if (!repository) return [];
  const place = await placeInRepository(fileSystem, repository, root);
  const mask = umask();
  return permissions
    .filter(([, mode]) => mode !== (0o666 & ~mask) && mode !== (0o777 & ~mask))
    .map(([name, mode]) => [path.posix.relative(place, nameToBytes(name).toString('utf8')), mode]);
}

/** The clock that files get their times from may lag behind that of the program. */
async function fileSystemTime({ fileSystem, folder }: ImprovementParts): Promise<bigint> {
  const file = path.join(folder.scratchFolder, 'now');
  await fileSystem.rm(file, { force: true });
  await fileSystem.writeFile(file, '', { mode: 0o600 });
  const { ctimeNs } = await fileSystem.lstat(file, { bigint: true });
  await fileSystem.rm(file);
  return ctimeNs;
}
