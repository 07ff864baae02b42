import * as path from 'node:path';
import { MoultError } from '../../errors/moult-error.js';
import { readTask, type TaskRecord } from '../../service/load-task.js';
import type { ProjectView } from '../../service/project-view.js';
import { isFinal } from '../../service/state-path.js';
import { Lock } from '../../store/lock.js';
import type { TaskFolder } from '../../store/task-folder.js';
import { lstatOrNull } from '../../workspace/read-image.js';
import type { CheckView, History, HistoryEntry } from '../protocol/improvement.js';
import type { TimelineEntry } from '../protocol/timeline.js';
import { checkLogs } from './check-logs.js';
import { checkViews } from './check-views.js';
import { historyEntry, historyOf, unreadableEntry } from './history-entry.js';
import { timelinePages, type TimelineOf } from './timeline-page.js';

/** Reads the improvements of a project from its state directory, whoever works on them. It writes nothing. */
export class ProjectReader {
  /** What has ended changes no more, but by a rollback, which writes another snapshot. */
  private readonly ended = new Map<string, { stamp: string; entry: HistoryEntry }>();

  constructor(readonly view: ProjectView) {}

  async history(): Promise<History> {
    const { store } = this.view;
    const lockIsHeld = await this.lockIsHeld();
    const entries: HistoryEntry[] = [];
    for (const taskId of await store.ids()) {
      const entry = await this.entryOf(taskId, lockIsHeld);
      if (entry) entries.push(entry);
    }
    return historyOf(entries);
  }

  /** Null where nothing was acknowledged under that id, or where it belongs to another project of the same repository. */
  async entryOf(taskId: string, lockIsHeld: boolean): Promise<HistoryEntry | null> {
    const folder = this.view.store.folderOf(taskId);
    const stamp = await this.stampOf(folder.snapshot);
    const known = this.ended.get(taskId);
    if (known?.stamp === stamp) return known.entry;
    try {
      const record = await readTask(this.view, this.view, folder);
      if (record === null || !this.isOfProject(record)) return null;
      const entry = historyEntry(record, lockIsHeld);
      if (isFinal(record.standing.state)) this.ended.set(taskId, { stamp, entry });
      return entry;
    } catch (error) {
      if (error instanceof MoultError) return unreadableEntry(taskId, error as MoultError);
      throw error;
    }
  }

  /** @throws INSPECTOR_UNKNOWN for anything that is not the id of an improvement here; STATE_UNREADABLE, STATE_TOO_NEW. */
  async record(taskId: string): Promise<{ folder: TaskFolder; record: TaskRecord }> {
    const { store } = this.view;
    const unknown = new MoultError('INSPECTOR_UNKNOWN', { what: `improvement ${JSON.stringify(taskId)}` });
    if (!(await store.exists(taskId))) throw unknown;
    const folder = store.folderOf(taskId);
    const record = await readTask(this.view, this.view, folder);
    if (record === null || !this.isOfProject(record)) throw unknown;
    return { folder, record };
  }

  async checks({ folder, record }: { folder: TaskFolder; record: TaskRecord }): Promise<CheckView[]> {
    const { plan, standing } = record;
    const timeline: TimelineEntry[] = [];
    for await (const { entries } of timelinePages(this.view.fileSystem, timelineOf(folder, record), null))
      for (const entry of entries) if (entry.kind === 'check') timeline.push(entry);
    return checkViews({
      plan,
      results: standing.context.checks,
      logs: await checkLogs(this.view, folder),
      timeline,
      areRunning: standing.state === 'testing.running_checks' && (await this.lockIsHeld()),
    });
  }

  async lockIsHeld(): Promise<boolean> {
    const { fileSystem, store } = this.view;
    try {
      return await Lock.isHeld({ fileSystem, directory: store.lockFolder });
    } catch (error) {
      // A copy may have been made without it.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  }

  /** Changes whenever the file is written again. */
  async stampOf(file: string): Promise<string> {
    const stats = await lstatOrNull(this.view.fileSystem, file);
    return stats === null ? 'absent' : `${stats.ino} ${stats.size} ${stats.mtimeNs}`;
  }

  private isOfProject({ plan }: TaskRecord): boolean {
    const { project } = this.view;
    return project === null || path.join(project.home, plan.root) === path.join(project.root, '');
  }
}

export function timelineOf(folder: TaskFolder, { plan }: TaskRecord): TimelineOf {
  return {
    folder,
    paths: plan.paths.map((planned) => planned.path),
    checks: plan.checks.map(({ name }) => name),
  };
}
