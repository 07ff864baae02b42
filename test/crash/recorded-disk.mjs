import { execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('block-recorder.c', import.meta.url));
const kinds = { 1: 'write', 2: 'flush', 3: 'mark' };
/** `noauto_da_alloc`: without the help that ext4 gives to programs which forget to sync what they rename. */
export const mountOptions = 'nodiscard,noauto_da_alloc';

/** Builds the recorder where it is missing or old. Null, with the reason, where this machine cannot record. */
export function buildRecorder() {
  if (process.platform !== 'linux') return { why: 'the recorder runs on Linux only' };
  if (process.getuid() !== 0) return { why: 'it mounts disks, so it needs root' };
  if (!existsSync('/dev/fuse')) return { why: 'there is no /dev/fuse' };
  if (!existsSync('/dev/loop-control')) return { why: 'there are no loop devices' };
  const directory = join(tmpdir(), `moult-crash-tools-${process.getuid()}`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const binary = join(directory, 'block-recorder');
  try {
    for (const tool of ['losetup', 'mkfs.ext4', 'e2fsck', 'fusermount3']) execFileSync('which', [tool]);
    if (existsSync(binary) && statSync(binary).mtimeMs >= statSync(source).mtimeMs) return { binary };
    const draft = `${binary}.${process.pid}`;
    sh(`cc -O2 -o '${draft}' '${source}' $(pkg-config --cflags --libs fuse3)`);
    renameSync(draft, binary);
  } catch (error) {
    return { why: `a tool is missing, or libfuse3-dev: ${error.message.split('\n').slice(0, 2).join(' ')}` };
  }
  return { binary };
}

/**
 * Runs `work` on an ext4 whose disk is recorded.
 *
 * @param prepare fills the mounted file system before, unrecorded.
 * @returns the disk as it was before, and { kind, bytes, offset } for everything that happened to it.
 */
export async function record({ binary, directory, sizeMiB, prepare, work }) {
  const paths = Object.fromEntries(
    ['image', 'base', 'log', 'fuse', 'mounted'].map((name) => [name, join(directory, name)]),
  );
  mkdirSync(paths.fuse, { recursive: true });
  mkdirSync(paths.mounted, { recursive: true });
  sh(`truncate -s ${sizeMiB}M '${paths.image}'`);
  sh(`mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0,nodiscard '${paths.image}'`);
  sh(`mount -o 'loop,${mountOptions}' '${paths.image}' '${paths.mounted}'`);
  try {
    await prepare(paths.mounted);
  } finally {
    sh(`umount '${paths.mounted}'`);
  }
  copyFileSync(paths.image, paths.base);
  await recorded(binary, paths, work);
  return { base: readFileSync(paths.base), events: parse(readFileSync(paths.log)) };
}

async function recorded(binary, { image, log, fuse, mounted }, work) {
  const recorder = spawn(binary, [image, log, fuse], { stdio: 'inherit' });
  const ended = new Promise((resolve) => recorder.once('exit', resolve));
  const note = join(fuse, 'mark');
  try {
    for (let tries = 0; !existsSync(note) && tries < 200; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const device = sh(`losetup -f --show '${fuse}/disk'`).trim();
    try {
      sh(`mount -o '${mountOptions}' '${device}' '${mounted}'`);
      writeFileSync(note, '"start"', { flag: 'r+' });
      try {
        await work({ mounted, note });
        // What is still in memory reaches the disk here, so that the images go to the very end.
        sh(`sync -f '${mounted}'`);
        writeFileSync(note, '"synced"', { flag: 'r+' });
      } finally {
        sh(`umount '${mounted}'`);
      }
    } finally {
      sh(`losetup -d '${device}'`);
    }
  } finally {
    sh(`fusermount3 -u '${fuse}'`);
    await ended;
  }
}

function parse(log) {
  const events = [];
  for (let at = 0; at < log.length;) {
    const length = log.readUInt32LE(at + 4);
    const offset = Number(log.readBigUInt64LE(at + 8));
    events.push({
      kind: kinds[log.readUInt32LE(at)],
      bytes: log.subarray(at + 16, at + 16 + length),
      offset,
    });
    at += 16 + length;
  }
  return events;
}

export function sh(command) {
  return execFileSync('sh', ['-c', command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
