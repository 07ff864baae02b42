import { MoultError } from '../errors/moult-error.js';
import type { SnapshotStore } from './contracts/store-contract.js';

/** Keeps snapshots in memory, as JSON: what JSON loses is lost, as on a disk. */
export interface MemoryStore {
  /** Opens it as a new process would. */
  open(): SnapshotStore;
  /** From then on the disk is full: each `save` is refused with `ENOSPC`. */
  fill(): void;
  /** Every save so far, in order. */
  readonly saves: readonly { taskId: string; snapshot: unknown }[];
}

export function memoryStore(): MemoryStore {
  const newest = new Map<string, string>();
  const saves: { taskId: string; snapshot: unknown }[] = [];
  let isFull = false;
  const save = (taskId: string, snapshot: unknown): void => {
    if (!/^si-\d+$/.test(taskId)) throw new MoultError('TASK_UNKNOWN', { taskId });
    if (isFull) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    const text = JSON.stringify(snapshot);
    newest.set(taskId, text);
    saves.push({ taskId, snapshot: JSON.parse(text) as unknown });
  };
  return {
    saves,
    fill: () => void (isFull = true),
    open: () => ({
      // What is wrong is a rejection, as of a store that has to wait for its disk.
      save: (taskId, snapshot) =>
        new Promise((resolve) => {
          save(taskId, snapshot);
          resolve();
        }),
      load: (taskId) => Promise.resolve(JSON.parse(newest.get(taskId) ?? 'null') as unknown),
    }),
  };
}
