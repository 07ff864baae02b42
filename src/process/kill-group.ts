import type { ChildProcess } from 'node:child_process';
import type { Spawner } from '../ports/spawner.js';

const isWindows = process.platform === 'win32';

/** A child gets a process group of its own, so that its children can be ended with it. Windows has no such groups. */
export const groupOptions = { detached: !isWindows, windowsHide: true } as const;

/**
 * Sends `signal` to a child and to all processes of its group. That none of them is left is fine.
 *
 * Windows: there are neither groups nor signals, so the tree below a living child is ended at once by `taskkill`; what
 * a child left behind when it ended by itself cannot be found.
 */
export function killGroup(spawn: Spawner, child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  if (isWindows) return endTree(spawn, child, child.pid);
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // EPERM: macOS says so of a group of zombies; otherwise the child became another user and is out of reach.
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

function endTree(spawn: Spawner, child: ChildProcess, pid: number): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).once(
    'error',
    () => child.kill(),
  );
}
