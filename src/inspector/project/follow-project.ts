import { setTimeout as sleep } from 'node:timers/promises';
import type { Send } from '../source.js';
import type { TaskFolder } from '../../store/task-folder.js';
import { checkLogs } from './check-logs.js';
import { timelineOf, type ProjectReader } from './project-reader.js';
import { timelinePages, type TimelineOf } from './timeline-page.js';

/** How often the state directory is looked at: it may belong to any process, and to any file system. */
const pollMs = 100;
/** To ask whether a process lives is dear on some systems. */
const lockPollMs = 1_000;

interface Wanted {
  task: string | null;
  after: string | null;
}

/** Tells what is in a state directory, then what changes in it, until the signal ends it. */
export async function followProject(
  reader: ProjectReader,
  { task, after }: Wanted,
  send: Send,
  signal: AbortSignal,
): Promise<void> {
  const history = new HistoryFollower(reader, send);
  const one = task === null ? null : await TaskFollower.of(reader, task, after, send);
  while (!signal.aborted) {
    await history.look();
    await one?.look();
    await sleep(pollMs, undefined, { signal }).catch((error: Error) => {
      if (error.name !== 'AbortError') throw error;
    });
  }
}

/** Notices improvements that begin, go on, end and disappear. */
class HistoryFollower {
  private known: string | null = null;
  private lock = { isHeld: false, seenAt: -Infinity };

  constructor(
    private readonly reader: ProjectReader,
    private readonly send: Send,
  ) {}

  async look(): Promise<void> {
    const { store } = this.reader.view;
    if (performance.now() - this.lock.seenAt > lockPollMs)
      this.lock = { isHeld: await this.reader.lockIsHeld(), seenAt: performance.now() };
    const active = await store.activeIds();
    const stamps = await Promise.all(active.map((id) => this.reader.stampOf(store.folderOf(id).snapshot)));
    const now = JSON.stringify([await store.ids(), active, stamps, this.lock.isHeld]);
    if (now === this.known) return;
    this.known = now;
    this.send({ type: 'history' });
  }
}

/** Notices what happens to one improvement. */
class TaskFollower {
  private known: string | null = null;
  private stamps: string | null = null;
  private readonly logs = new Map<number, number>();
  private lock = { isHeld: false, seenAt: -Infinity };

  private constructor(
    private readonly reader: ProjectReader,
    private readonly folder: TaskFolder,
    private readonly of: TimelineOf,
    private cursor: string | null,
    private readonly send: Send,
  ) {}

  static async of(
    reader: ProjectReader,
    taskId: string,
    after: string | null,
    send: Send,
  ): Promise<TaskFollower> {
    const { folder, record } = await reader.record(taskId);
    return new TaskFollower(reader, folder, timelineOf(folder, record), after, send);
  }

  async look(): Promise<void> {
    await this.lookAtTimeline();
    await this.lookAtLogs();
    await this.lookAtState();
  }

  private async lookAtTimeline(): Promise<void> {
    const { fileSystem, masker } = this.reader.view;
    // To look at the size of a file costs next to nothing, to open it does not.
    const files = [this.folder.timeline, this.folder.journal];
    const stamps = (await Promise.all(files.map((file) => this.reader.stampOf(file)))).join();
    if (stamps === this.stamps) return;
    this.stamps = stamps;
    for await (const { entries, cursor } of timelinePages(fileSystem, this.of, this.cursor)) {
      if (entries.length > 0) {
        const masked = masker.maskJsonValues(entries);
        this.send({ type: 'entries', taskId: this.folder.taskId, entries: masked, cursor }, cursor);
      }
      this.cursor = cursor;
    }
  }

  private async lookAtLogs(): Promise<void> {
    for (const { check, sizeBytes } of await checkLogs(this.reader.view, this.folder)) {
      if (this.logs.get(check) === sizeBytes) continue;
      this.logs.set(check, sizeBytes);
      this.send({ type: 'log', taskId: this.folder.taskId, check, sizeBytes });
    }
  }

  private async lookAtState(): Promise<void> {
    const { reader, folder } = this;
    const now = performance.now();
    if (now - this.lock.seenAt > lockPollMs) this.lock = { isHeld: await reader.lockIsHeld(), seenAt: now };
    const stamp = `${await reader.stampOf(folder.snapshot)} ${this.lock.isHeld}`;
    if (stamp === this.known) return;
    const entry = await reader.entryOf(folder.taskId, this.lock.isHeld);
    this.known = stamp;
    if (entry)
      this.send({
        type: 'improvement',
        taskId: folder.taskId,
        entry: reader.view.masker.maskJsonValues(entry),
      });
  }
}
