import * as path from 'node:path';
import type { DirectoryHandle } from '../ports/file-system.js';

/** What a slot holds for one path or directory of the plan. */
export type SlotRole = 'staged' | 'taken' | 'directories';

/**
 * Where things of one task stand ready to be swapped in, and where what was swapped out goes: in the task's folder, or,
 * for a directory on another device than the state, hidden beside the target, because a rename stays on one device.
 */
export class Slots {
  constructor(
    private readonly taskFolder: string,
    private readonly taskId: string,
    /** The device of the task's folder. */
    private readonly device: number,
  ) {}

  /** The path of a slot, for a target in the given directory. */
  at(role: SlotRole, name: string, directory: DirectoryHandle): string {
    return directory.device === this.device
      ? path.join(this.taskFolder, role, name)
      : directory.at(`${this.besidePrefix}${role}-${name}`);
  }

  areBeside(directory: DirectoryHandle): boolean {
    return directory.device !== this.device;
  }

  /** How every name beside a target begins; such leftovers are removed before an improvement ends. */
  get besidePrefix(): string {
    return `.moult-${this.taskId}-`;
  }
}
