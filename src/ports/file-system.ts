import type * as promises from 'node:fs/promises';

/**
 * The file system calls the engine makes, in the shapes of `node:fs/promises`, so that the real one is passed as it is
 * and a test can put a failing or an in-memory one in its place.
 */
export interface FileSystem extends Pick<
  typeof promises,
  | 'chmod'
  | 'copyFile'
  | 'lchown'
  | 'link'
  | 'lstat'
  | 'lutimes'
  | 'mkdir'
  | 'open'
  | 'readdir'
  | 'readFile'
  | 'readlink'
  | 'realpath'
  | 'rename'
  | 'rm'
  | 'rmdir'
  | 'stat'
  | 'symlink'
  | 'unlink'
  | 'writeFile'
> {
  /** Takes the bytes of a file to the disk; a link at its name is not followed. */
  syncFile(file: string): Promise<void>;
  /** The SHA-256 of a file in hex, read without following a link at its name. */
  hashFile(file: string): Promise<string>;
  /**
   * Opens the directory `segments` below `root`, following no symbolic link on the way.
   *
   * @throws an `ELOOP` or `ENOTDIR` error where a component is a link or not a directory, `ENOENT` where it is missing.
   */
  openDirectory(root: string, segments: readonly string[]): Promise<DirectoryHandle>;
}

/** An open directory: names are resolved in the directory that was checked, whatever is renamed around it meanwhile. */
export interface DirectoryHandle {
  /** The path by which to reach entry `name` of this very directory. */
  at(name: string): string;
  /** The device the directory lies on. */
  readonly device: number;
  /** Makes creations, renames and removals in this directory survive a power loss. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
