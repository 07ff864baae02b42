import * as path from 'node:path';
import { MoultError } from '../errors/moult-error.js';
import { nullIfAbsent } from '../errors/null-if-absent.js';
import type { FileSystem } from '../ports/file-system.js';
import { replaceFileDurably, syncDirectory } from './durable-file.js';
import { readStateFile } from './read-state-file.js';
import {
  decodeEnvelope,
  encodeEnvelope,
  type MachineVersion,
  type SnapshotEnvelope,
} from './snapshot-envelope.js';
import { TaskFolder } from './task-folder.js';

const taskIdPattern = /^si-\d{1,16}$/;
const leftoverPattern = /^si-\d{1,16}\.(draft|removed)$/;

/** The improvements of a project, a folder each. */
export class TaskStore {
  readonly tasksFolder: string;
  readonly lockFolder: string;
  readonly checkpoints: string;
  /** How much each improvement takes; see `SizeLedger`. */
  readonly sizes: string;
  /** The improvements that were begun, or taken up again, by this store. */
  readonly begun = new Set<string>();
  /** An empty file for each improvement that has not come to its end. */
  private readonly activeFolder: string;

  constructor(
    private readonly fs: FileSystem,
    /** The state directory. */
    directory: string,
    private readonly machine: MachineVersion,
  ) {
    this.tasksFolder = path.join(directory, 'tasks');
    this.lockFolder = path.join(directory, 'lock');
    this.activeFolder = path.join(directory, 'active');
    this.checkpoints = path.join(directory, 'checkpoints.git');
    this.sizes = path.join(directory, 'sizes.json');
  }

  /** Creates what is missing of the store itself. The state directory exists. */
  async prepare(): Promise<void> {
    await this.fs.mkdir(this.tasksFolder, { recursive: true, mode: 0o700 });
    await this.fs.mkdir(this.lockFolder, { recursive: true, mode: 0o700 });
    await this.fs.mkdir(this.activeFolder, { recursive: true, mode: 0o700 });
  }

  /** Ids of the improvements that may be unfinished, oldest first. */
  async activeIds(): Promise<string[]> {
    return inOrder(await this.namesIn(this.activeFolder));
  }

  /** To be called before an improvement begins, or begins to be undone. */
  async markActive(taskId: string): Promise<void> {
    this.begun.add(taskId);
    await this.fs.writeFile(path.join(this.activeFolder, taskId), '', { mode: 0o600 });
    await syncDirectory(this.fs, this.activeFolder);
  }

  /** To be called when its end is on disk. */
  async markEnded(taskId: string): Promise<void> {
    await this.fs.rm(path.join(this.activeFolder, taskId), { force: true });
  }

  async exists(taskId: string): Promise<boolean> {
    if (!taskIdPattern.test(taskId)) return false;
    const stats = await this.fs.lstat(path.join(this.tasksFolder, taskId)).catch(nullIfAbsent);
    return stats !== null;
  }

  /** @throws TASK_UNKNOWN for anything that is not the id of an improvement here. */
  async folder(taskId: string): Promise<TaskFolder> {
    if (!(await this.exists(taskId))) throw new MoultError('TASK_UNKNOWN', { taskId });
    return this.folderOf(taskId);
  }

  /** The place of an improvement that is known to be here. */
  folderOf(taskId: string): TaskFolder {
    return new TaskFolder(path.join(this.tasksFolder, taskId));
  }

  /** Ids of all improvements, oldest first. */
  async ids(): Promise<string[]> {
    return inOrder(await this.namesIn(this.tasksFolder));
  }

  /**
   * Creates the folder of a new improvement. `fill` writes into a draft; only when all of it is on disk does the folder
   * get its name, so that a half-made one is never taken for a task.
   *
   * @throws TASK_UNKNOWN for what cannot be an id.
   */
  async create(taskId: string, fill: (draft: TaskFolder) => Promise<void>): Promise<TaskFolder> {
    if (!taskIdPattern.test(taskId)) throw new MoultError('TASK_UNKNOWN', { taskId });
    const draft = new TaskFolder(path.join(this.tasksFolder, `${taskId}.draft`));
    await this.fs.rm(draft.path, { recursive: true, force: true });
    await this.fs.mkdir(draft.path, { mode: 0o700 });
    try {
      const {
        plannedFolder,
        beforeFolder,
        stagedFolder,
        directoriesFolder,
        takenFolder,
        logsFolder,
        scratchFolder,
      } = draft;
      const folders = [
        plannedFolder,
        beforeFolder,
        stagedFolder,
        directoriesFolder,
        takenFolder,
        logsFolder,
        scratchFolder,
      ];
      await Promise.all(folders.map((folder) => this.fs.mkdir(folder, { mode: 0o700 })));
      await this.fs.writeFile(draft.journal, '', { mode: 0o600 });
      await this.fs.writeFile(draft.revocable, '', { mode: 0o600 });
      await fill(draft);
      await syncDirectory(this.fs, draft.plannedFolder);
      await syncDirectory(this.fs, draft.path);
      const folder = new TaskFolder(path.join(this.tasksFolder, taskId));
      await this.fs.rename(draft.path, folder.path);
      await syncDirectory(this.fs, this.tasksFolder);
      return folder;
    } catch (error) {
      await this.fs.rm(draft.path, { recursive: true, force: true });
      throw error;
    }
  }

  /** Removes an improvement that was never acknowledged. */
  async discard(folder: TaskFolder): Promise<void> {
    await this.remove(folder.taskId);
  }

  /** Removes an improvement. It loses its name first, so that half of one is never taken for a task. */
  async remove(taskId: string): Promise<void> {
    const removed = path.join(this.tasksFolder, `${taskId}.removed`);
    await this.fs.rm(removed, { recursive: true, force: true });
    await this.fs.rename(path.join(this.tasksFolder, taskId), removed);
    await syncDirectory(this.fs, this.tasksFolder);
    await this.fs.rm(removed, { recursive: true, force: true });
  }

  /** Names of what crashes left of improvements that were being written or removed. The lock is held. */
  async leftovers(): Promise<string[]> {
    const names = await this.namesIn(this.tasksFolder);
    return names.filter((name) => leftoverPattern.test(name));
  }

  async removeLeftover(name: string): Promise<void> {
    await this.fs.rm(path.join(this.tasksFolder, name), { recursive: true, force: true });
  }

  async saveSnapshot(
    folder: TaskFolder,
    envelope: Omit<SnapshotEnvelope, 'format' | 'machine' | 'machineVersion' | 'taskId'>,
  ): Promise<void> {
    const bytes = encodeEnvelope({
      machine: 'improvement',
      machineVersion: this.machine.version,
      taskId: folder.taskId,
      ...envelope,
    });
    try {
      await replaceFileDurably(this.fs, folder.snapshot, bytes);
    } catch (error) {
      throw new MoultError(
        'STATE_NOT_SAVED',
        { file: folder.snapshot, reason: (error as Error).message },
        { cause: error },
      );
    }
  }

  /** Null for a task whose process ended before its first snapshot: nothing was acknowledged or touched. */
  async loadSnapshot(folder: TaskFolder): Promise<SnapshotEnvelope | null> {
    try {
      return this.decode(folder, await readStateFile(this.fs, folder.snapshot));
    } catch (error) {
      return nullIfAbsent(error);
    }
  }

  private async namesIn(folder: string): Promise<string[]> {
    return (await this.fs.readdir(folder).catch(nullIfAbsent)) ?? [];
  }

  private decode(folder: TaskFolder, bytes: Buffer): SnapshotEnvelope {
    return decodeEnvelope(bytes, {
      file: folder.snapshot,
      taskId: folder.taskId,
      machine: this.machine,
    });
  }
}

function inOrder(names: string[]): string[] {
  return names
    .filter((name) => taskIdPattern.test(name))
    .sort((a, b) => Number(a.slice(3)) - Number(b.slice(3)));
}
