import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FileImage } from '../../../src/plan/plan.js';
import type { FileSystem } from '../../../src/ports/file-system.js';
import { nodeFileSystem } from '../../../src/ports/node-file-system.js';
import {
  missingDirectories,
  placeDirectory,
  removeDirectory,
  stageDirectory,
} from '../../../src/workspace/created-directories.js';
import { restorePath, type Restorable } from '../../../src/workspace/restore-path.js';
import { Slots } from '../../../src/workspace/slots.js';
import { swapIn } from '../../../src/workspace/swap-in.js';
import { noBeforeImage } from '../../../src/workspace/take-before-image.js';
import { Tree } from '../../../src/workspace/tree.js';
import { tempFolder } from '../store/support/temp-folder.js';

const absent: FileImage = { kind: 'absent' };
const imageOf = (text: string): FileImage => ({
  kind: 'file',
  sha256: createHash('sha256').update(text).digest('hex'),
  mode: 0o644,
  sizeBytes: Buffer.byteLength(text),
});

/** A root with one path in it, its staged bytes and its before-image, as `stageChanges` leaves them. */
function workbench(before: string | null, after: string | null) {
  const root = tempFolder();
  const task = tempFolder();
  for (const drawer of ['staged', 'taken', 'directories', 'before']) fs.mkdirSync(path.join(task, drawer));
  const file = path.join(root, 'f');
  const saved = path.join(task, 'before/0');
  if (before !== null) {
    fs.writeFileSync(file, before, { mode: 0o644 });
    fs.linkSync(file, saved);
  }
  if (after !== null) fs.writeFileSync(path.join(task, 'staged/0'), after, { mode: 0o644 });
  const change = {
    index: 0,
    path: 'f',
    anchor: '',
    before: before === null ? absent : imageOf(before),
    after: after === null ? absent : imageOf(after),
  };
  const slots = new Slots(task, 'si-1', fs.statSync(task).dev);
  const beforeImage =
    before === null
      ? noBeforeImage
      : { how: 'link' as const, ...writtenAt(fs.statSync(file, { bigint: true })) };
  const item: Restorable = {
    ...change,
    ...{ saved, beforeImage, wasSealed: false },
    recoverSaved: () => Promise.resolve(false),
  };
  return {
    ...{ root, task, file, saved, slots, item },
    swap: (system: FileSystem = nodeFileSystem) =>
      Tree.use(system, root, (tree) => swapIn(tree, slots, change)),
    restore: (own: Partial<Restorable> = {}) =>
      Tree.use(nodeFileSystem, root, (tree) => restorePath(tree, slots, { ...item, ...own })),
    text: () => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null),
    taken: () => fs.readdirSync(path.join(task, 'taken')),
  };
}

const writtenAt = ({ ino, mtimeNs }: fs.BigIntStats) => ({ inode: String(ino), modifiedNs: String(mtimeNs) });

const kinds: [string, string | null, string | null][] = [
  ['modify', 'old', 'new'],
  ['create', null, 'new'],
  ['delete', 'old', null],
  ['empty', 'old', ''],
];

describe.each(kinds)('%s', (_, before, after) => {
  test('swapped in, again, put back, again', async () => {
    const bench = workbench(before, after);
    for (let turn = 0; turn < 2; turn += 1) {
      await bench.swap();
      expect(bench.text()).toBe(after);
    }
    expect(await bench.restore()).toMatchObject({ changed: true, theirs: false, displaced: [] });
    expect(bench.text()).toBe(before);
    expect(await bench.restore()).toMatchObject({ theirs: false, displaced: [] });
    expect(bench.text()).toBe(before);
  });

  test('after a crash at each call, both ways lead to an end', async () => {
    for (let last = 0; last < 40; last += 1) {
      for (const way of ['on', 'back'] as const) {
        const bench = workbench(before, after);
        let calls = 0;
        const dying = new Proxy(nodeFileSystem, {
          get: (target, name: keyof FileSystem) => {
            const real = Reflect.get(target, name) as (...args: unknown[]) => unknown;
            return (...args: unknown[]) => {
              if (name === 'openDirectory') return real(...args);
              calls += 1;
              return calls > last ? Promise.reject(new Error('power loss')) : real(...args);
            };
          },
        });
        await bench.swap(dying).catch((error: Error) => expect(error.message).toBe('power loss'));
        if (way === 'on') {
          await bench.swap();
          expect(bench.text(), `dead after ${last}`).toBe(after);
        } else {
          expect(await bench.restore()).toMatchObject({ theirs: false, displaced: [] });
          expect(bench.text(), `dead after ${last}`).toBe(before);
        }
      }
    }
  });

  test('somebody else’s version is left in place and named as a conflict', async () => {
    const bench = workbench(before, after);
    fs.rmSync(bench.file, { force: true });
    fs.writeFileSync(bench.file, 'theirs');
    await expect(bench.swap()).rejects.toMatchObject({ code: 'EDIT_CONFLICT', details: { paths: ['f'] } });
    expect(bench.text()).toBe('theirs');
    expect(bench.taken()).toEqual([]);
  });

  test('somebody else’s version is moved aside by a restore, each of several', async () => {
    const bench = workbench(before, after);
    await bench.swap();
    for (const version of ['first', 'second']) {
      fs.rmSync(bench.file, { force: true });
      fs.writeFileSync(bench.file, version);
      const { displaced } = await bench.restore();
      expect(displaced.map(({ savedAt }) => fs.readFileSync(savedAt, 'utf8'))).toContain(version);
      expect(bench.text()).toBe(before);
    }
  });
});

describe('restorePath', () => {
  test('uses the second witness where the first is damaged, and puts the mode right', async () => {
    const bench = workbench('old', 'new');
    await bench.swap();
    for (const name of bench.taken()) fs.rmSync(path.join(bench.task, 'taken', name));
    fs.rmSync(bench.saved);
    const recoverSaved = (to: string) => {
      fs.writeFileSync(to, 'old', { mode: 0o600 });
      return Promise.resolve(true);
    };
    await bench.restore({ recoverSaved });
    expect(bench.text()).toBe('old');
    expect(fs.statSync(bench.file).mode & 0o777).toBe(0o644);
  });

  test('refuses a second witness that lies, and leaves nothing of it in place', async () => {
    const bench = workbench('old', 'new');
    await bench.swap();
    for (const name of bench.taken()) fs.rmSync(path.join(bench.task, 'taken', name));
    fs.rmSync(bench.saved);
    const recoverSaved = (to: string) => {
      fs.writeFileSync(to, 'lie');
      return Promise.resolve(true);
    };
    await expect(bench.restore({ recoverSaved })).rejects.toMatchObject({ code: 'STATE_UNREADABLE' });
    expect(bench.text()).toBe('new');
  });

  test('puts back what was written into the old file through a descriptor', async () => {
    const bench = workbench('old', 'new');
    const open = fs.openSync(bench.file, 'r+');
    await bench.swap();
    await new Promise((resolve) => setTimeout(resolve, 10));
    fs.writeSync(open, 'OLD AND MORE', 0);
    fs.closeSync(open);
    expect(await bench.restore()).toMatchObject({ theirs: true, displaced: [] });
    expect(bench.text()).toBe('OLD AND MORE');
  });

  test('a directory in the way is moved aside whole, and named', async () => {
    const bench = workbench('old', 'new');
    await bench.swap();
    fs.rmSync(bench.file);
    fs.mkdirSync(bench.file);
    fs.writeFileSync(path.join(bench.file, 'mine'), 'mine');
    const { displaced } = await bench.restore();
    expect(fs.readFileSync(bench.file, 'utf8')).toBe('old');
    expect(displaced.map(({ savedAt }) => fs.readFileSync(path.join(savedAt, 'mine'), 'utf8'))).toEqual([
      'mine',
    ]);
  });
});

describe('created directories', () => {
  test('only what is missing is made, upper ones first, and goes again', async () => {
    const { root, slots } = workbench(null, null);
    fs.mkdirSync(path.join(root, 'there'));
    await Tree.use(nodeFileSystem, root, async (tree) => {
      const missing = await missingDirectories(tree, ['there/a', 'there/x/y/b', 'there/x/c', 'top', 'z/d']);
      expect(missing).toEqual(['there/x', 'there/x/y', 'z']);
      const made = [];
      for (const [index, place] of missing.entries())
        made.push(await stageDirectory(tree, slots, place, index));
      expect(fs.readdirSync(root).sort()).toEqual(['there']);
      for (const directory of made) await placeDirectory(tree, slots, directory);
      expect(fs.statSync(path.join(root, 'there/x/y')).isDirectory()).toBe(true);
      for (const directory of made.reverse()) await removeDirectory(tree, directory);
    });
    expect(fs.readdirSync(root)).toEqual(['there']);
    expect(fs.readdirSync(path.join(root, 'there'))).toEqual([]);
  });

  test('one with something in it, and one that somebody else made, stay', async () => {
    const { root, slots } = workbench(null, null);
    await Tree.use(nodeFileSystem, root, async (tree) => {
      const ours = await stageDirectory(tree, slots, 'ours', 0);
      const theirs = await stageDirectory(tree, slots, 'theirs', 1);
      fs.mkdirSync(path.join(root, 'theirs'));
      for (const directory of [ours, theirs]) await placeDirectory(tree, slots, directory);
      fs.writeFileSync(path.join(root, 'ours/mine'), '');
      for (const directory of [ours, theirs]) await removeDirectory(tree, directory);
    });
    expect(fs.readdirSync(root).sort()).toEqual(['ours', 'theirs']);
  });
});
