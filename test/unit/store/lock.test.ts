import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import { nodeFileSystem as fileSystem } from '../../../src/ports/node-file-system.js';
import { ownIdentity } from '../../../src/process/process-identity.js';
import { Lock } from '../../../src/store/lock.js';
import { tempFolder } from './support/temp-folder.js';

const holder = (change: object = {}) =>
  JSON.stringify({ ...ownIdentity(), since: '2026-01-01T00:00:00.000Z', ...change });

test('is free at first, held after acquire, free after release', async () => {
  const directory = tempFolder();
  expect(await Lock.isHeld({ fileSystem, directory })).toBe(false);
  const lock = await Lock.acquire({ fileSystem, directory });
  expect(await Lock.isHeld({ fileSystem, directory })).toBe(true);
  await expect(Lock.acquire({ fileSystem, directory })).rejects.toMatchObject({
    code: 'LOCK_HELD',
    details: { pid: process.pid },
  });
  await lock.release();
  expect(await Lock.isHeld({ fileSystem, directory })).toBe(false);
  await Lock.acquire({ fileSystem, directory });
});

test('is released although the system refused to rename once', async () => {
  const directory = tempFolder();
  let refusals = 1;
  const refusing: typeof fileSystem = {
    ...fileSystem,
    rename: (from, to) => {
      if (!/release\./.test(String(from)) || refusals === 0) return fileSystem.rename(from, to);
      refusals -= 1;
      return Promise.reject(
        Object.assign(new Error('EIO: rename'), { code: 'EIO', errno: -5, syscall: 'rename' }),
      );
    },
  };
  const lock = await Lock.acquire({ fileSystem: refusing, directory });
  await lock.release();
  expect(refusals).toBe(0);
  await (await Lock.acquire({ fileSystem, directory })).release();
});

test('the fencing token grows with every holder, and the folder stays small', async () => {
  const directory = tempFolder();
  let last = 0;
  for (let turn = 0; turn < 20; turn += 1) {
    const lock = await Lock.acquire({ fileSystem, directory });
    expect(lock.token).toBeGreaterThan(last);
    last = lock.token;
    await lock.release();
  }
  expect(fs.readdirSync(directory).length).toBeLessThanOrEqual(4);
});

test('of fifty at once, never two hold it', async () => {
  const directory = tempFolder();
  let holders = 0;
  let successes = 0;
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      try {
        const lock = await Lock.acquire({ fileSystem, directory });
        holders += 1;
        successes += 1;
        expect(holders).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 2));
        await lock.assertHeld();
        holders -= 1;
        await lock.release();
      } catch (error) {
        expect(error).toMatchObject({ code: 'LOCK_HELD' });
      }
    }),
  );
  expect(successes).toBeGreaterThan(0);
});

test.each([
  ['another process with the same pid', holder({ startTime: '1' })],
  ['a process from before the last boot', holder({ bootId: 'earlier' })],
  ['a pid that is gone', holder({ pid: 2 ** 22 - 1 })],
  ['a file that was cut off', holder().slice(0, 20)],
  ['an empty file', ''],
  ['JSON of something else', '{"pid":-1}'],
])('a dead holder is taken over: %s', async (_, text) => {
  const directory = tempFolder();
  fs.writeFileSync(path.join(directory, '7'), text);
  expect(await Lock.isHeld({ fileSystem, directory })).toBe(false);
  const lock = await Lock.acquire({ fileSystem, directory });
  expect(lock.token).toBe(8);
  await lock.assertHeld();
});

test('a holder elsewhere is refused, unless a person says that it is gone', async () => {
  const directory = tempFolder();
  fs.writeFileSync(path.join(directory, '3'), holder({ host: 'elsewhere' }));
  expect(await Lock.isHeld({ fileSystem, directory })).toBe(true);
  await expect(Lock.acquire({ fileSystem, directory })).rejects.toMatchObject({ code: 'LOCK_FOREIGN' });
  expect((await Lock.acquire({ fileSystem, directory, takeOverForeign: true })).token).toBe(4);
});

test('taking over from another machine does not rob a living process of this one', async () => {
  const directory = tempFolder();
  fs.writeFileSync(path.join(directory, '3'), holder());
  await expect(Lock.acquire({ fileSystem, directory, takeOverForeign: true })).rejects.toMatchObject({
    code: 'LOCK_HELD',
  });
});

test('a superseded holder is told before its next write, and its release frees nobody else', async () => {
  const directory = tempFolder();
  const frozen = await Lock.acquire({ fileSystem, directory });
  fs.writeFileSync(path.join(directory, String(frozen.token + 1)), holder());
  await expect(frozen.assertHeld()).rejects.toMatchObject({
    code: 'LOCK_LOST',
    details: { token: 1, highest: 2 },
  });
  await frozen.release();
  expect(await Lock.isHeld({ fileSystem, directory })).toBe(true);
});

test('numbers are compared as numbers, and other names mean nothing', async () => {
  const directory = tempFolder();
  for (const name of ['9', '10', 'claim.x', '99x'])
    fs.writeFileSync(path.join(directory, name), 'released\n');
  expect((await Lock.acquire({ fileSystem, directory })).token).toBe(11);
});

test('a release says released, even after its own release file is gone', async () => {
  const directory = tempFolder();
  const lock = await Lock.acquire({ fileSystem, directory });
  for (const name of fs.readdirSync(directory))
    if (name.startsWith('release')) fs.rmSync(path.join(directory, name));
  await lock.release();
  await Lock.acquire({ fileSystem, directory });
});

test('on a full disk a dead holder is taken over all the same, again and again', async () => {
  const directory = tempFolder();
  const died = await Lock.acquire({ fileSystem, directory });
  const full = {
    ...fileSystem,
    writeFile: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })),
  };
  fs.writeFileSync(path.join(directory, String(died.token)), holder({ bootId: 'earlier' }));
  const lock = await Lock.acquire({ fileSystem: full, directory });
  expect(lock.token).toBe(2);
  await expect(Lock.acquire({ fileSystem, directory })).rejects.toMatchObject({ code: 'LOCK_HELD' });
  await lock.release();
  const next = await Lock.acquire({ fileSystem, directory });
  expect(next.token).toBe(3);
  await next.release();
  expect((await Lock.acquire({ fileSystem: full, directory })).token).toBe(4);
});
