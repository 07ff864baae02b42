import { folderBytes } from '../store/folder-bytes.js';
import type { SizeLedger } from '../store/size-ledger.js';
import type { Collection } from './collection.js';

/**
 * How much of the disk each improvement takes: as it is remembered, unless it changed or all is to be measured. One that
 * there is no time for counts nothing until the next time.
 */
export async function measureTasks(
  { host, project: { store }, thorough }: Collection,
  ledger: SizeLedger,
  taskIds: readonly string[],
  isInTime: () => boolean,
): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const taskId of taskIds) {
    const isKnown = ledger.get(taskId) !== undefined && !store.begun.has(taskId) && !thorough;
    if (!isKnown && isInTime())
      ledger.set(taskId, await folderBytes(host.fileSystem, store.folderOf(taskId).path));
    sizes.set(taskId, ledger.get(taskId) ?? 0);
  }
  return sizes;
}
