import type { Clock } from '../ports/clock.js';
import type { FileSystem } from '../ports/file-system.js';
import type { Spawner } from '../ports/spawner.js';
import type { Repository } from './find-repository.js';

export interface CheckpointRequest {
  fileSystem: FileSystem;
  spawn: Spawner;
  repository: Repository;
  /** The project root, absolute. Changes outside it are not recorded. */
  root: string;
  /** Our own bare repository, absolute; created where it is missing, in a folder that exists. */
  store: string;
  /** A folder of ours for temporary files, absolute. */
  scratch: string;
  taskId: string;
  /** Names (one character per byte, from the top of the working tree) that are taken as the index has them. Default none. */
  isLeftOut?: (name: string) => boolean;
  signal?: AbortSignal;
  clock?: Clock;
}
