import { pruneCheckpoints } from '../git/prune-checkpoints.js';
import { SizeLedger } from '../store/size-ledger.js';
import type { Collection } from './collection.js';
import { mayBeRemoved } from './may-be-removed.js';
import { measureTasks } from './measure-tasks.js';
import type { Project } from './project.js';

/** What a collection removed. */
export interface Garbage {
  /** Oldest first. `bytes`: what its folder took on the disk. */
  removed: { taskId: string; bytes: number }[];
  freedBytes: number;
  /** What the improvements take that are kept. */
  keptBytes: number;
}

/**
 * Removes improvements that ended long ago, or that take too much space, oldest first. One that is not at its end, that
 * cannot be read, or that holds files somebody still has to look at, is never removed.
 */
export async function removeOldTasks(collection: Collection): Promise<Garbage> {
  const { host, project, lock, thorough } = collection;
  const taskIds = await project.store.ids();
  const candidates = await endedBefore(project, taskIds);
  const leftovers = lock ? await project.store.leftovers() : [];
  if (!thorough && candidates.length === 0 && leftovers.length === 0)
    return { removed: [], freedBytes: 0, keptBytes: 0 };
  const isInTime = stopwatch(collection);
  const ledger = await SizeLedger.open(host.fileSystem, project.store.sizes);
  const sizes = await measureTasks(collection, ledger, taskIds, isInTime);
  const garbage = await removeThose(collection, candidates, sizes, isInTime);
  for (const name of leftovers) await project.store.removeLeftover(name);
  const isPruning = thorough || garbage.removed.length > 0 || leftovers.length > 0;
  if (lock) await settleStore(collection, ledger, isPruning);
  return garbage;
}

/** Ended, and not of the newest ones that are always kept. */
async function endedBefore({ store, config }: Project, taskIds: readonly string[]): Promise<string[]> {
  const old = taskIds.slice(0, Math.max(0, taskIds.length - config.retention.keepLast));
  if (old.length === 0) return [];
  const active = new Set(await store.activeIds());
  return old.filter((taskId) => !active.has(taskId));
}

async function removeThose(
  collection: Collection,
  candidates: readonly string[],
  sizes: ReadonlyMap<string, number>,
  isInTime: () => boolean,
): Promise<Garbage> {
  const { project, lock } = collection;
  const garbage: Garbage = { removed: [], freedBytes: 0, keptBytes: 0 };
  garbage.keptBytes = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  for (const taskId of candidates) {
    if (!isInTime()) break;
    const isTooMuch = garbage.keptBytes > project.config.retention.maxBytes;
    if (!(await mayBeRemoved(collection, taskId, isTooMuch))) continue;
    await lock?.assertHeld();
    if (lock) await project.store.remove(taskId);
    const bytes = sizes.get(taskId) ?? 0;
    garbage.removed.push({ taskId, bytes });
    garbage.freedBytes += bytes;
    garbage.keptBytes -= bytes;
  }
  return garbage;
}

/** What belongs to improvements whose folders are gone. */
async function settleStore(
  { host: { fileSystem, logger, notices }, project }: Collection,
  ledger: SizeLedger,
  isPruning: boolean,
): Promise<void> {
  const { store } = project;
  const taskIds = await store.ids();
  if (isPruning) await notices.prune(project, taskIds);
  if (isPruning) await pruneCheckpoints({ fileSystem, store: store.checkpoints, taskIds });
  const report = (error: Error) => logger.warn(`[moult] sizes could not be remembered: ${error.message}`);
  const active = await store.activeIds();
  await ledger.save(taskIds.filter((taskId) => !active.includes(taskId))).catch(report);
}

function stopwatch({ host: { clock }, budgetMs }: Collection): () => boolean {
  const start = clock.now();
  return () => clock.now() - start <= budgetMs;
}
