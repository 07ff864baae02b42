import { hostname } from 'node:os';
import { readFileSync, readlinkSync } from 'node:fs';
import { execFileSync } from 'node:child_process';

/** Tells a process from every other that ever had its pid, here or elsewhere. */
export interface ProcessIdentity {
  pid: number;
  /** The kernel's word for when it started; null where it cannot be read. */
  startTime: string | null;
  /** Changes with every boot; null where the system has none. */
  bootId: string | null;
  /** Machine and pid namespace: pids mean something only inside. */
  host: string;
}

export type Liveness = 'alive' | 'dead' | 'foreign';

/** The process this code runs in. */
export function ownIdentity(): ProcessIdentity {
  return identityOf(process.pid);
}

/** A process of this machine that runs now. */
export function identityOf(pid: number): ProcessIdentity {
  return { pid, startTime: startTimeOf(pid), bootId: bootId(), host: hostName() };
}

/**
 * Whether the process still runs. `foreign`: it belongs to another machine or container, so that nothing can be said.
 * A process of this machine from before its last boot is dead.
 */
export function livenessOf(identity: ProcessIdentity): Liveness {
  if (identity.host !== hostName()) return 'foreign';
  if (identity.bootId !== bootId()) return 'dead';
  return pidExists(identity.pid) && startTimeOf(identity.pid) === identity.startTime ? 'alive' : 'dead';
}

/** Whether something with that pid runs now; a zombie does not. */
export function isProcessAlive(pid: number): boolean {
  if (!pidExists(pid)) return false;
  return process.platform === 'win32' || startTimeOf(pid) !== null;
}

function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return false;
    if (code === 'EPERM') return true;
    throw error;
  }
}

/**
 * Null for a process that is gone. One that nobody has waited for yet keeps its entry, as a zombie, but does nothing any
 * more; only when its first thread is one while others run on is it still at work.
 */
function startTimeOf(pid: number): string | null {
  if (process.platform === 'linux') {
    const stat = readOrNull(`/proc/${pid}/stat`);
    if (stat === null) return null;
    // proc(5): the name, field 2, may hold spaces and brackets, so count from its end: state 3, threads 20, start 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const isGone = /^[ZX]$/.test(fields[0] ?? '') && Number(fields[17]) <= 1;
    return isGone ? null : (fields[19] ?? null);
  }
  if (process.platform === 'win32') return null;
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch (error) {
    // ps answers 1 for a pid that is gone.
    if ((error as { status?: unknown }).status === 1) return null;
    throw error;
  }
}

let knownBootId: string | null | undefined;
function bootId(): string | null {
  knownBootId ??= readOrNull('/proc/sys/kernel/random/boot_id')?.trim() ?? null;
  return knownBootId;
}

let knownHost: string | undefined;
function hostName(): string {
  knownHost ??= [machineId() ?? hostname(), pidNamespace()].join('/');
  return knownHost;
}

function machineId(): string | null {
  return readOrNull('/etc/machine-id')?.trim() || null;
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch (error) {
    if (isAbsent(error)) return '';
    throw error;
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

// ESRCH: the process ended between open and read of its /proc entry.
function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '');
}
