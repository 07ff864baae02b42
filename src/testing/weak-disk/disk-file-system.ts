import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import * as path from 'node:path';
import type { DirectoryHandle, FileSystem } from '../../ports/file-system.js';
import { diskError } from './disk-error.js';
import { diskFileHandle, type OpenFile } from './disk-file-handle.js';
import type { DiskMemory } from './disk-memory.js';
import { DiskPaths, type Place } from './disk-paths.js';
import { diskStats } from './disk-stats.js';
import type { Inode } from './inode.js';

type WriteOptions = { flag?: string; mode?: number } | null | undefined;

/** The calls of the engine, on a disk in memory. `isAlive`: whether the process that makes them still is. */
export function diskFileSystem(disk: DiskMemory, isAlive: () => boolean): FileSystem {
  return new DiskFileSystem(disk, isAlive).calls() as unknown as FileSystem;
}

class DiskFileSystem extends DiskPaths {
  calls(): Record<string, unknown> {
    const names = [
      ...['chmod', 'copyFile', 'lchown', 'link', 'lstat', 'lutimes', 'mkdir', 'open', 'readdir', 'readFile'],
      ...['readlink', 'realpath', 'rename', 'rm', 'rmdir', 'stat', 'symlink', 'unlink', 'writeFile'],
      ...['syncFile', 'hashFile', 'openDirectory'],
    ] as const;
    const methods = this as unknown as Record<string, (...args: unknown[]) => unknown>;
    return Object.fromEntries(
      names.map((name) => [
        name,
        async (...args: unknown[]) => {
          this.requireAlive(name);
          await this.disk.untilItsTurn(args[0]);
          this.requireAlive(name);
          this.disk.beforeCall();
          return methods[name]?.(...args);
        },
      ]),
    );
  }

  lstat(file: string, options?: { bigint?: boolean }) {
    return diskStats(this.find(file, false, 'lstat'), options?.bigint === true);
  }

  stat(file: string, options?: { bigint?: boolean }) {
    return diskStats(this.find(file, true, 'stat'), options?.bigint === true);
  }

  readlink(file: string): string {
    const inode = this.find(file, false, 'readlink');
    if (inode.kind !== 'symlink') throw diskError('EINVAL', 'readlink', file);
    return inode.target;
  }

  realpath(file: string): string {
    this.find(file, true, 'realpath');
    return path.posix.normalize(file);
  }

  readdir(directory: string): string[] {
    return [...this.directory(directory, 'readdir').entries.keys()].sort();
  }

  readFile(file: string, options?: BufferEncoding | { encoding?: BufferEncoding }): Buffer | string {
    const bytes = Buffer.from(this.file(file, true, 'open').bytes);
    const encoding = typeof options === 'string' ? options : options?.encoding;
    return encoding ? bytes.toString(encoding) : bytes;
  }

  hashFile(file: string): string {
    return createHash('sha256')
      .update(this.file(file, false, 'open').bytes)
      .digest('hex');
  }

  writeFile(file: string, data: string | Uint8Array, options?: WriteOptions): void {
    const opened = this.openFile(file, options?.flag ?? 'w', options?.mode);
    opened.write(Buffer.from(data as Uint8Array), 0);
  }

  open(file: string, flags: string | number = 'r', mode?: number) {
    return diskFileHandle(this.openFile(file, flags, mode));
  }

  copyFile(from: string, to: string, mode = 0): void {
    const source = this.file(from, true, 'copyfile');
    const opened = this.openFile(to, (mode & constants.COPYFILE_EXCL) === 0 ? 'w' : 'wx', source.mode);
    opened.write(source.bytes, 0);
  }

  syncFile(file: string): void {
    const inode = this.file(file, false, 'open');
    this.begin('fsync', file);
    this.disk.flushBytes(inode);
  }

  chmod(file: string, mode: number): void {
    const inode = this.find(file, true, 'chmod');
    const before = inode.mode;
    this.begin('chmod', file);
    inode.mode = mode & 0o7777;
    this.disk.record(() => void (inode.mode = before));
  }

  lchown(file: string, uid: number, gid: number): void {
    const inode = this.find(file, false, 'lchown');
    this.begin('lchown', file);
    Object.assign(inode, { uid, gid });
  }

  lutimes(file: string, _accessed: number, modified: number): void {
    const inode = this.find(file, false, 'lutimes');
    this.begin('lutimes', file);
    inode.modifiedNs = BigInt(Math.round(modified * 1e9));
  }

  mkdir(directory: string, options?: { recursive?: boolean; mode?: number }): void {
    const place = this.lookUp(directory, false, 'mkdir', options?.recursive === true);
    if (place.inode !== null) {
      if (options?.recursive === true && place.inode.kind === 'directory') return;
      throw diskError('EEXIST', 'mkdir', directory);
    }
    this.begin('mkdir', directory);
    this.put(place.parent, place.name, this.disk.make('directory', options?.mode ?? 0o755));
  }

  symlink(target: string, file: string): void {
    const { parent, name, inode } = this.lookUp(file, false, 'symlink');
    if (inode !== null) throw diskError('EEXIST', 'symlink', file);
    this.begin('symlink', file);
    this.put(parent, name, this.disk.make('symlink', 0o777, target));
  }

  link(from: string, to: string): void {
    const source = this.find(from, false, 'link');
    const { parent, name, inode } = this.lookUp(to, false, 'link');
    if (source.kind === 'directory') throw diskError('EPERM', 'link', from);
    if (inode !== null) throw diskError('EEXIST', 'link', to);
    this.begin('link', to);
    this.put(parent, name, source);
  }

  unlink(file: string): void {
    const { parent, name, inode } = this.existing(file, 'unlink');
    if (inode.kind === 'directory') throw diskError('EISDIR', 'unlink', file);
    this.begin('unlink', file);
    this.take(parent, name, inode);
  }

  rmdir(directory: string): void {
    const { parent, name, inode } = this.existing(directory, 'rmdir');
    if (inode.kind !== 'directory') throw diskError('ENOTDIR', 'rmdir', directory);
    if (inode.entries.size > 0) throw diskError('ENOTEMPTY', 'rmdir', directory);
    this.begin('rmdir', directory);
    this.take(parent, name, inode);
  }

  rm(file: string, options?: { recursive?: boolean; force?: boolean }): void {
    const place = this.lookUp(file, false, 'rm');
    if (place.inode === null) {
      if (options?.force === true) return;
      throw diskError('ENOENT', 'rm', file);
    }
    if (place.inode.kind !== 'directory') return this.unlink(file);
    if (options?.recursive !== true) throw diskError('ERR_FS_EISDIR', 'rm', file);
    for (const name of [...place.inode.entries.keys()]) this.rm(path.posix.join(file, name), options);
    this.rmdir(file);
  }

  rename(from: string, to: string): void {
    const source = this.existing(from, 'rename');
    const target = this.lookUp(to, false, 'rename');
    this.requireReplaceable(source.inode, target.inode, to);
    this.begin('rename', to);
    if (target.inode === source.inode) return;
    // One step: a crash sees both names changed, or neither.
    const { parent, name, inode: replaced } = target;
    source.parent.entries.delete(source.name);
    parent.entries.set(name, source.inode);
    if (replaced) replaced.links -= 1;
    this.disk.record(() => {
      if (replaced) parent.entries.set(name, replaced);
      else parent.entries.delete(name);
      if (replaced) replaced.links += 1;
      source.parent.entries.set(source.name, source.inode);
    });
  }

  openDirectory(root: string, segments: readonly string[]): DirectoryHandle {
    let inode = this.directory(root, 'open');
    for (const segment of segments) {
      const next = inode.entries.get(segment);
      if (!next) throw diskError('ENOENT', 'open', path.posix.join(root, ...segments));
      if (next.kind === 'symlink') throw diskError('ELOOP', 'open', path.posix.join(root, ...segments));
      if (next.kind !== 'directory') throw diskError('ENOTDIR', 'open', path.posix.join(root, ...segments));
      inode = next;
    }
    return this.handleOf(inode);
  }

  private openFile(file: string, flags: string | number, mode = 0o644): OpenFile {
    const wants =
      typeof flags === 'number' ? { write: false, make: false, only: false, cut: false } : flagsOf(flags);
    const place = this.lookUp(file, typeof flags !== 'number', 'open');
    if (place.inode && wants.only) throw diskError('EEXIST', 'open', file);
    if (!place.inode && !wants.make) throw diskError('ENOENT', 'open', file);
    if (place.inode?.kind === 'symlink') throw diskError('ELOOP', 'open', file);
    if (place.inode?.kind === 'directory' && wants.write) throw diskError('EISDIR', 'open', file);
    const inode = place.inode ?? this.createFile(place, file, mode);
    if (wants.cut && inode.bytes.length > 0) this.change(inode, Buffer.alloc(0), file);
    return {
      inode,
      requireAlive: () => this.requireAlive('write'),
      write: (bytes, at) => this.write(inode, bytes, at, file),
      truncate: (length) => this.change(inode, resized(inode.bytes, length), file),
      chmod: (bits) => void (inode.mode = bits & 0o7777),
      sync: () => {
        this.begin('fsync', file);
        this.disk.flushBytes(inode);
      },
    };
  }

  private createFile({ parent, name }: Place, file: string, mode: number): Inode {
    this.begin('open', file);
    const inode = this.disk.make('file', mode);
    this.put(parent, name, inode);
    return inode;
  }

  private write(inode: Inode, bytes: Uint8Array, at: number, file: string): void {
    const isTorn = this.begin('write', file);
    const written = isTorn ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes;
    const grown = resized(inode.bytes, Math.max(inode.bytes.length, at + written.length));
    grown.set(written, at);
    inode.bytes = grown;
    this.disk.wrote(inode);
    if (!isTorn) return;
    this.disk.crash();
    throw diskError('EIO', 'write', file);
  }

  private change(inode: Inode, bytes: Buffer, file: string): void {
    if (bytes.length === inode.bytes.length) return;
    this.begin('ftruncate', file);
    inode.bytes = bytes;
    this.disk.wrote(inode);
  }

  private requireReplaceable(source: Inode, target: Inode | null, to: string): void {
    if (target === null || target === source) return;
    if (source.kind === 'directory' && target.kind !== 'directory') throw diskError('ENOTDIR', 'rename', to);
    if (source.kind !== 'directory' && target.kind === 'directory') throw diskError('EISDIR', 'rename', to);
    if (target.entries.size > 0) throw diskError('ENOTEMPTY', 'rename', to);
  }
}

function flagsOf(flags: string): { write: boolean; make: boolean; only: boolean; cut: boolean } {
  const write = flags !== 'r';
  const make = flags.startsWith('w') || flags.startsWith('a');
  return { write, make, only: flags.includes('x'), cut: flags.startsWith('w') && !flags.includes('x') };
}

function resized(bytes: Buffer, length: number): Buffer {
  const copy = Buffer.alloc(length);
  bytes.copy(copy, 0, 0, Math.min(bytes.length, length));
  return copy;
}
