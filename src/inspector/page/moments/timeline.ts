import type { TimelineEntry } from '../../protocol/timeline.js';
import { copyMoment, firstMoment, type Moment } from './moment.js';
import { moveOn } from './move-on.js';

/** A moment is kept every so many entries, so that any other is near one. */
const interval = 250;

/** All entries so far, and how everything stood after any of them. */
export class Timeline {
  readonly entries: TimelineEntry[] = [];
  readonly #keys = new Set<string>();
  #kept: Moment[] = [firstMoment()];
  #newest = firstMoment();
  #indexOfPath = new Map<string, number>();

  /** Planned files by path: a rollback reports paths, the journal positions. */
  set paths(paths: ReadonlyMap<string, number>) {
    // A plan never changes: once it is known, it is known.
    if (this.#indexOfPath.size === paths.size) return;
    this.#indexOfPath = new Map(paths);
    this.#kept = [firstMoment()];
    this.#newest = firstMoment();
    for (const entry of this.entries) this.#moveOn(entry);
  }

  /** Entries that are known already are left out: after a reconnect some come twice. */
  add(entries: readonly TimelineEntry[]): void {
    for (const entry of entries) {
      if (this.#keys.has(entry.key)) continue;
      this.#keys.add(entry.key);
      this.entries.push(entry);
      this.#moveOn(entry);
    }
  }

  /** How everything stood after the entry at `index`; before the first for -1. */
  momentAt(index: number): Moment {
    const last = Math.min(index, this.entries.length - 1);
    if (last === this.#newest.index) return copyMoment(this.#newest);
    const moment = copyMoment(this.#kept[Math.floor((last + 1) / interval)]!);
    while (moment.index < last) moveOn(moment, this.entries[moment.index + 1]!, this.#find);
    return moment;
  }

  #moveOn(entry: TimelineEntry): void {
    moveOn(this.#newest, entry, this.#find);
    if ((this.#newest.index + 1) % interval === 0) this.#kept.push(copyMoment(this.#newest));
  }

  readonly #find = (path: string): number | undefined => this.#indexOfPath.get(path);
}
