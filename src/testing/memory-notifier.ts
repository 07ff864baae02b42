import type { Notice, Notifier } from '../notify/notifier.js';

/** Remembers what it was told, for tests. */
export interface MemoryNotifier extends Notifier {
  /** Every notice so far, in order. */
  readonly notices: readonly Notice[];
}

export function memoryNotifier(): MemoryNotifier {
  const notices: Notice[] = [];
  return { notices, notify: (notice) => void notices.push(notice) };
}
