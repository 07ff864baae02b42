import * as fs from 'node:fs';
import * as promises from 'node:fs/promises';
import * as path from 'node:path';
import type { DirectoryHandle, FileSystem } from './file-system.js';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants;

/** The real file system. */
export const nodeFileSystem: FileSystem = {
  ...promises,
  openDirectory: process.platform === 'linux' ? openBelow : openByPath,
};

/**
 * Linux: each component is opened through the descriptor of the one before (`/proc/self/fd/N/name` is `openat`), so no
 * swap of a directory for a link can lead outside between check and use.
 */
async function openBelow(root: string, segments: readonly string[]): Promise<DirectoryHandle> {
  let handle = await promises.open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  for (const segment of segments) {
    const parent = handle;
    try {
      handle = await promises.open(
        `/proc/self/fd/${parent.fd}/${segment}`,
        O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
      );
    } finally {
      await parent.close();
    }
  }
  return toDirectoryHandle(handle, `/proc/self/fd/${handle.fd}`);
}

/** Elsewhere: every component is looked at before use; a window between look and use remains. */
async function openByPath(root: string, segments: readonly string[]): Promise<DirectoryHandle> {
  let directory = root;
  for (const segment of segments) {
    directory = path.join(directory, segment);
    const stats = await promises.lstat(directory);
    if (!stats.isDirectory()) {
      throw Object.assign(new Error(`ENOTDIR: not a directory, '${directory}'`), {
        code: 'ENOTDIR',
        path: directory,
      });
    }
  }
  return toDirectoryHandle(await promises.open(directory, O_RDONLY), directory);
}

async function toDirectoryHandle(handle: promises.FileHandle, base: string): Promise<DirectoryHandle> {
  const { dev } = await handle.stat();
  return {
    at: (name) => `${base}/${name}`,
    device: dev,
    // Windows cannot flush a directory; the documentation says what that weakens.
    sync: () => (process.platform === 'win32' ? Promise.resolve() : handle.sync()),
    close: () => handle.close(),
  };
}
