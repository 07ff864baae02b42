import type { FileSystem } from '../ports/file-system.js';

/**
 * What marks the processes started for a task: its id, and the device and number of its folder. The id alone is a time,
 * and two projects of one machine may each have a task of the same millisecond; the folder of each is its own, by
 * whatever path it is reached.
 */
export async function taskMark(
  fs: Pick<FileSystem, 'stat'>,
  taskId: string,
  /** The folder of the task; it exists. */
  folder: string,
): Promise<string> {
  const { dev, ino } = await fs.stat(folder, { bigint: true });
  return `${taskId}@${dev}:${ino}`;
}
