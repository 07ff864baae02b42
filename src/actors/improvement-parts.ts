import type { MoultConfig } from '../config/parse-config.js';
import type { Repository } from '../git/find-repository.js';
import type { Editor } from '../plan/editor.js';
import type { Plan } from '../plan/plan.js';
import type { Clock } from '../ports/clock.js';
import type { FileSystem } from '../ports/file-system.js';
import type { Logger } from '../ports/logger.js';
import type { Spawner } from '../ports/spawner.js';
import type { RestartPort } from '../restart/restart-port.js';
import type { SecretMasker } from '../secrets/secret-masker.js';
import type { Journal } from '../store/journal.js';
import type { Fence } from '../store/fence.js';
import type { TaskFolder } from '../store/task-folder.js';
import type { Slots } from '../workspace/slots.js';
import type { ProgressListener } from './progress.js';

/** Everything the actors of one improvement work with. */
export interface ImprovementParts {
  fileSystem: FileSystem;
  clock: Clock;
  logger: Logger;
  masker: SecretMasker;
  spawn: Spawner;
  /** The real path of the project root. */
  root: string;
  plan: Plan;
  folder: TaskFolder;
  journal: Journal;
  slots: Slots;
  /** The lock as it is held now: each operation of the service takes it anew. */
  lock: () => Fence;
  repository: Repository | null;
  /** Our own git repository for checkpoints. */
  checkpoints: string;
  editor: Editor | null;
  restart: RestartPort;
  /** The configuration that the project root is under now. */
  rules: () => Promise<{ config: MoultConfig; configHash: string }>;
  progress: ProgressListener;
}
