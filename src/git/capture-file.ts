import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { MoultError } from '../errors/moult-error.js';
import type { FileSystem } from '../ports/file-system.js';
import type { Candidate } from './candidate.js';
import { showName } from './git-name.js';
import { hasCode } from '../errors/has-code.js';
import { objectId, type GitObject, type ObjectFormat } from './git-object.js';
import type { WorkingTree } from './working-tree.js';

/** Where contents go; each answers with the name of the object. */
export interface ObjectSink {
  write(object: GitObject): Promise<string>;
  writeFile(source: FileHandle, sizeBytes: number): Promise<string>;
  hashFile(source: FileHandle, sizeBytes: number): Promise<string>;
}

export interface Capture {
  fileSystem: FileSystem;
  tree: WorkingTree;
  sink: ObjectSink;
  format: ObjectFormat;
  /** How many bytes of limited files may still be copied; counted down. */
  leftBytes: number;
  notices: string[];
}

/** What stands at a path, stored where the store needs it. */
export type Captured =
  | { kind: 'content'; mode: string; oid: string; permissions?: number }
  | { kind: 'absent' | 'directory' | 'special' | 'unreadable' };

/** Larger files go into the store piece by piece; larger limited files do not go there at all. */
const largeBytes = 16 * 1024 * 1024;
/** A link is not followed, and a pipe that took the file's place is not waited for. Windows knows neither flag. */
const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** @throws MoultError FILE_UNREADABLE for a tracked file that cannot be read. */
export async function captureFile(capture: Capture, candidate: Candidate): Promise<Captured> {
  const stats = await capture.tree.lstat(candidate.path);
  if (stats === null) return { kind: 'absent' };
  if (stats.isDirectory()) return { kind: 'directory' };
  try {
    if (stats.isSymbolicLink()) return await captureLink(capture, candidate);
    return stats.isFile() ? await captureRegular(capture, candidate) : { kind: 'special' };
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return { kind: 'absent' };
    if (hasCode(error, 'EACCES', 'EPERM')) return unreadable(candidate, error as Error);
    throw error;
  }
}

function unreadable({ path, origin }: Candidate, cause: Error): Captured {
  if (origin === 'untracked') return { kind: 'unreadable' };
  const details = { path: showName(path).slice(1, -1), reason: cause.message };
  throw new MoultError('FILE_UNREADABLE', details, { cause });
}

async function captureLink(capture: Capture, candidate: Candidate): Promise<Captured> {
  const target = await capture.fileSystem.readlink(capture.tree.locate(candidate.path), 'buffer');
  return { kind: 'content', mode: '120000', oid: await keep(capture, candidate, target) };
}

async function captureRegular(capture: Capture, candidate: Candidate): Promise<Captured> {
  const handle = await capture.fileSystem.open(capture.tree.locate(candidate.path), openFlags);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return { kind: 'special' };
    const oid = await captureBytes(capture, candidate, handle, stats.size);
    return { kind: 'content', mode: fileMode(stats, candidate), oid, permissions: stats.mode & 0o7777 };
  } finally {
    await handle.close();
  }
}

/** Windows has no executable bit: what the index says stays. */
function fileMode(stats: Stats, { known }: Candidate): string {
  if (constants.S_IXUSR === undefined) return known?.mode === '100755' ? '100755' : '100644';
  return (stats.mode & constants.S_IXUSR) === 0 ? '100644' : '100755';
}

async function captureBytes(
  capture: Capture,
  candidate: Candidate,
  handle: FileHandle,
  sizeBytes: number,
): Promise<string> {
  if (candidate.isLimited) {
    if (sizeBytes > largeBytes || sizeBytes > capture.leftBytes) {
      capture.notices.push(
        `${showName(candidate.path)} is large (${sizeBytes} bytes): only its hash was kept`,
      );
      return capture.sink.hashFile(handle, sizeBytes);
    }
    capture.leftBytes -= sizeBytes;
  }
  if (sizeBytes > largeBytes) return capture.sink.writeFile(handle, sizeBytes);
  return keep(capture, candidate, await handle.readFile());
}

/** Bytes that the user's repository is sure to keep are not copied. */
async function keep({ sink, format }: Capture, candidate: Candidate, content: Buffer): Promise<string> {
  const object = { type: 'blob', content } as const;
  const oid = objectId(format, object);
  if (oid !== candidate.known?.oid || candidate.isOnlyInIndex) await sink.write(object);
  return oid;
}
