import { setTimeout as sleep } from 'node:timers/promises';
import type { FileSystem } from '../ports/file-system.js';
import { taskTag } from './task-tag.js';

export interface OrphanSearch {
  fileSystem: Pick<FileSystem, 'readdir' | 'readFile'>;
  /** See `taskMark`. */
  mark: string;
  /** The variable that holds the mark. Default: that of tasks. */
  tag?: string;
  /** How long to wait for their end. Default 2,000. */
  waitMs?: number;
}

const pauseMs = 10;
/** Of a process that has just ended, or that belongs to another user. */
const unreadableCodes = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM']);

/**
 * Ends the processes that were started for a task and outlived whoever started them, however far they moved away (a
 * session of their own, another parent), by the mark in their environment. Spares this process and its ancestors.
 * Waits until they are gone, or for `waitMs`: one that hangs in the kernel goes when the kernel lets it.
 *
 * Linux only; elsewhere an environment cannot be read, and nothing is done. A process that cleared its environment
 * when it was started is not found.
 *
 * @returns the pids that were ended.
 */
export async function killOrphans({
  fileSystem,
  mark,
  tag = taskTag,
  waitMs = 2_000,
}: OrphanSearch): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const killed = new Set<number>();
  const deadline = performance.now() + waitMs;
  // Looks again until nothing is found: meanwhile one of them may have started another.
  for (;;) {
    const orphans = await findOrphans(fileSystem, `${tag}=${mark}`);
    for (const pid of orphans) if (kill(pid)) killed.add(pid);
    if (orphans.length === 0 || performance.now() >= deadline) return [...killed];
    await sleep(pauseMs);
  }
}

async function findOrphans(fileSystem: OrphanSearch['fileSystem'], entry: string): Promise<number[]> {
  const spared = await ownLine(fileSystem);
  const pids = (await fileSystem.readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const marked = await Promise.all(
    pids.map(async (pid) => !spared.has(pid) && (await isMarked(fileSystem, pid, entry))),
  );
  return pids.filter((_, index) => marked[index]);
}

/** A zombie has an empty environment: it counts as gone. */
async function isMarked(
  fileSystem: OrphanSearch['fileSystem'],
  pid: number,
  entry: string,
): Promise<boolean> {
  const environment = await readProcessFile(fileSystem, pid, 'environ');
  return environment?.split('\0').includes(entry) ?? false;
}

/** This process, its parent, and so on. */
async function ownLine(fileSystem: OrphanSearch['fileSystem']): Promise<Set<number>> {
  const line = new Set<number>();
  for (let pid = process.pid; pid > 0 && !line.has(pid);) {
    line.add(pid);
    const stat = await readProcessFile(fileSystem, pid, 'stat');
    // The name in field 2 may hold spaces and brackets: count from its end.
    pid = Number(stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
  }
  return line;
}

async function readProcessFile(
  fileSystem: OrphanSearch['fileSystem'],
  pid: number,
  name: string,
): Promise<string | null> {
  try {
    return await fileSystem.readFile(`/proc/${pid}/${name}`, 'latin1');
  } catch (error) {
    if (unreadableCodes.has((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

/** False where it ended in the meantime, or must not be touched. */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH' || code === 'EPERM') return false;
    throw error;
  }
}
