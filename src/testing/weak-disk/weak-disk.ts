import type { FileSystem } from '../../ports/file-system.js';
import { diskFileSystem } from './disk-file-system.js';
import { DiskMemory } from './disk-memory.js';

/**
 * A disk in memory that keeps only what was flushed: after a crash, bytes that were written and not flushed may be gone,
 * cut off or zero, and names that were made, moved or removed since the last flush of a directory may be as before,
 * the newest first (as with the ordered metadata of ext4 and its kind).
 */
export class WeakDisk extends DiskMemory {
  /** The file system as a process sees it; after a crash its calls fail for ever, and the next process gets another. */
  fileSystem(): FileSystem {
    const { epoch } = this;
    return diskFileSystem(this, () => this.epoch === epoch && !this.isDown);
  }
}
