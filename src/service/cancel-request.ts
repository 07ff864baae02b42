import type { FileSystem } from '../ports/file-system.js';
import type { TaskFolder } from '../store/task-folder.js';
import { lstatOrNull } from '../workspace/read-image.js';
import type { Host } from './host.js';

const pollMs = 200;

/** Asks the process that runs an improvement to cancel it. A signal could hit a host that knows nothing of it. */
export async function requestCancel(fileSystem: FileSystem, folder: TaskFolder): Promise<void> {
  await fileSystem.writeFile(folder.cancelRequest, '', { mode: 0o600 });
}

/** Calls back once when another process asks for a cancel. The returned function ends the watch. */
export function watchCancelRequests(
  { fileSystem, clock, logger }: Host,
  folder: TaskFolder,
  onCancel: () => void,
): () => void {
  let unschedule = clock.schedule(pollMs, look);
  let ended = false;
  return () => {
    ended = true;
    unschedule();
  };

  function look(): void {
    lstatOrNull(fileSystem, folder.cancelRequest).then(
      (stats) => {
        if (ended) return;
        if (stats) onCancel();
        else unschedule = clock.schedule(pollMs, look);
      },
      (error: unknown) => logger.warn(`[moult] cannot look for cancel requests: ${String(error)}`),
    );
  }
}
