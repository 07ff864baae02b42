import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as promises from 'node:fs/promises';
import * as path from 'node:path';
import type { DirectoryHandle, FileSystem } from './file-system.js';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

/** Up to here a file is read in one go, faster than a thread could be asked to do it. */
const smallBytes = 64 * 1024;

/**
 * The real file system.
 *
 * Calls that only look up or change names are made at once and not by the thread pool, where waiting for a thread costs
 * ten times what the call does. What moves bytes or waits for the disk does not hold up the program.
 */
export const nodeFileSystem: FileSystem = {
  ...promises,
  chmod: atOnce(fs.chmodSync) as FileSystem['chmod'],
  lchown: atOnce(fs.lchownSync) as FileSystem['lchown'],
  link: atOnce(fs.linkSync) as FileSystem['link'],
  lstat: atOnce(fs.lstatSync) as FileSystem['lstat'],
  lutimes: atOnce(fs.lutimesSync) as FileSystem['lutimes'],
  mkdir: atOnce(fs.mkdirSync) as FileSystem['mkdir'],
  readdir: atOnce(fs.readdirSync) as FileSystem['readdir'],
  readlink: atOnce(fs.readlinkSync) as FileSystem['readlink'],
  realpath: atOnce(fs.realpathSync.native) as FileSystem['realpath'],
  rename: atOnce(fs.renameSync) as FileSystem['rename'],
  rmdir: atOnce(fs.rmdirSync) as FileSystem['rmdir'],
  stat: atOnce(fs.statSync) as FileSystem['stat'],
  symlink: atOnce(fs.symlinkSync) as FileSystem['symlink'],
  unlink: atOnce(fs.unlinkSync) as FileSystem['unlink'],
  copyFile: copySmallAtOnce,
  readFile: readSmallAtOnce as FileSystem['readFile'],
  writeFile: writeSmallAtOnce as FileSystem['writeFile'],
  hashFile,
  syncFile,
  openDirectory: process.platform === 'linux' ? openBelow : openByPath,
};

/** A synchronous call in the shape of its promise: what it throws is a rejection. */
function atOnce<Args extends never[], Result>(
  call: (...args: Args) => Result,
): (...args: Args) => Promise<Result> {
  // eslint-disable-next-line @typescript-eslint/require-await -- async, so that an exception becomes a rejection
  return async (...args) => call(...args);
}

type Arguments<Call extends (...args: never[]) => unknown> = Parameters<Call>;

async function copySmallAtOnce(...[from, to, mode]: Arguments<typeof promises.copyFile>): Promise<void> {
  if (isSmallFile(from)) fs.copyFileSync(from, to, mode);
  else await promises.copyFile(from, to, mode);
}

async function readSmallAtOnce(...[file, options]: Arguments<typeof promises.readFile>): Promise<unknown> {
  const isSmall = (typeof file === 'string' || Buffer.isBuffer(file)) && isSmallFile(file);
  return isSmall
    ? fs.readFileSync(file, options as fs.ObjectEncodingOptions)
    : promises.readFile(file, options);
}

async function writeSmallAtOnce(
  ...[file, data, options]: Arguments<typeof promises.writeFile>
): Promise<void> {
  const isSmall =
    typeof file === 'string' &&
    (typeof data === 'string' || Buffer.isBuffer(data)) &&
    data.length < smallBytes;
  if (isSmall) fs.writeFileSync(file, data, options as fs.WriteFileOptions);
  else await promises.writeFile(file, data, options);
}

/** Of a FIFO or a device one does not know how long it takes. */
function isSmallFile(file: fs.PathLike): boolean {
  const stats = fs.statSync(file);
  return stats.isFile() && stats.size < smallBytes;
}

async function syncFile(file: string): Promise<void> {
  // Windows flushes only what is open for writing, and knows neither of the other flags.
  const access = process.platform === 'win32' ? fs.constants.O_RDWR : O_RDONLY;
  const descriptor = fs.openSync(file, access | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0));
  try {
    await flush(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

async function hashFile(file: string): Promise<string> {
  // O_NONBLOCK: a FIFO put in the file's place would block the open for ever. Windows knows neither flag.
  const descriptor = fs.openSync(file, O_RDONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0));
  try {
    const hash = createHash('sha256');
    const { size } = fs.fstatSync(descriptor);
    if (size < smallBytes) return hash.update(fs.readFileSync(descriptor)).digest('hex');
    for await (const chunk of fs.createReadStream('', {
      fd: descriptor,
      autoClose: false,
      highWaterMark: 1 << 20,
    })) {
      hash.update(chunk as Buffer);
    }
    return hash.digest('hex');
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * Linux: each component is opened through the descriptor of the one before (`/proc/self/fd/N/name` is `openat`), so no
 * swap of a directory for a link can lead outside between check and use.
 */
// eslint-disable-next-line @typescript-eslint/require-await -- async, so that an exception becomes a rejection
async function openBelow(root: string, segments: readonly string[]): Promise<DirectoryHandle> {
  let descriptor = fs.openSync(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  for (const segment of segments) {
    const parent = descriptor;
    try {
      descriptor = fs.openSync(`/proc/self/fd/${parent}/${segment}`, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    } finally {
      fs.closeSync(parent);
    }
  }
  return toDirectoryHandle(descriptor, `/proc/self/fd/${descriptor}`);
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
  return toDirectoryHandle(fs.openSync(directory, O_RDONLY), directory);
}

function toDirectoryHandle(descriptor: number, base: string): DirectoryHandle {
  return {
    at: (name) => `${base}/${name}`,
    device: fs.fstatSync(descriptor).dev,
    // Windows cannot flush a directory; the documentation says what that weakens.
    sync: () => (process.platform === 'win32' ? Promise.resolve() : flush(descriptor)),
    close: atOnce(() => fs.closeSync(descriptor)),
  };
}

function flush(descriptor: number): Promise<void> {
  return new Promise((resolve, reject) =>
    fs.fsync(descriptor, (error) => (error ? reject(error) : resolve())),
  );
}
