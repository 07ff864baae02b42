import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeFileSystem as fileSystem } from '../../../src/ports/node-file-system.js';
import { decodeChecked, encodeChecked } from '../../../src/store/checked-file.js';
import { createFileDurably, replaceFileDurably } from '../../../src/store/durable-file.js';
import { decodeEnvelope, encodeEnvelope } from '../../../src/store/snapshot-envelope.js';
import { createState, locateState } from '../../../src/store/state-directory.js';
import { TaskStore } from '../../../src/store/task-store.js';
import { tempFolder } from './support/temp-folder.js';

describe('a checked file', () => {
  test('comes back as it was', () => {
    for (const value of [{ a: 'ü\n"' }, [], 'x', 0, null])
      expect(decodeChecked(encodeChecked(value), 'f')).toEqual(value);
  });

  test('is refused with any byte changed, missing or added', () => {
    const whole = encodeChecked({ a: 1, b: 'two' });
    for (let place = 0; place < whole.length; place += 1) {
      const flipped = Buffer.from(whole);
      flipped.writeUInt8(flipped.readUInt8(place) ^ 0x80, place);
      const damaged = [
        flipped,
        whole.subarray(0, place),
        Buffer.concat([whole.subarray(0, place), Buffer.from('x'), whole.subarray(place)]),
      ];
      for (const bytes of damaged)
        expect(() => decodeChecked(bytes, 'f')).toThrow(
          expect.objectContaining({ code: 'STATE_UNREADABLE' }),
        );
    }
  });
});

describe('a snapshot envelope', () => {
  const envelope = {
    machine: 'improvement' as const,
    machineVersion: 3,
    taskId: 'si-1',
    revision: 1,
    savedAt: '2026-01-01T00:00:00.000Z',
    snapshot: { status: 'active', value: { planning: 'ready' }, context: { taskId: 'si-1' } },
  };
  const machine = { version: 3, steps: {} };
  const expected = { file: 'f', taskId: 'si-1', machine };

  test('comes back as it was', () => {
    expect(decodeEnvelope(encodeEnvelope(envelope), expected)).toMatchObject(envelope);
  });

  test.each([
    ['another format', encodeChecked({ format: 2, ...envelope }), 'STATE_TOO_NEW'],
    ['no format', encodeChecked({ ...envelope }), 'STATE_TOO_NEW'],
    ['another machine version', encodeEnvelope({ ...envelope, machineVersion: 4 }), 'STATE_TOO_NEW'],
    ['another task', encodeEnvelope({ ...envelope, taskId: 'si-2' }), 'STATE_UNREADABLE'],
    ['an unknown key', encodeChecked({ format: 1, ...envelope, extra: 1 }), 'STATE_UNREADABLE'],
    ['no snapshot', encodeChecked({ format: 1, ...envelope, snapshot: undefined }), 'STATE_UNREADABLE'],
    [
      'a context that is none',
      encodeChecked({ format: 1, ...envelope, snapshot: { status: 'x', value: 1, context: 7 } }),
      'STATE_UNREADABLE',
    ],
  ])('%s is refused', (_, bytes, code) => {
    expect(() => decodeEnvelope(bytes, expected)).toThrow(expect.objectContaining({ code }));
  });

  test.each([null, 7, 'text', []])('JSON that is no object is refused as damaged: %j', (value) => {
    expect(() => decodeEnvelope(encodeChecked(value), expected)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^STATE_/) as string }),
    );
  });
});

describe('a durable file', () => {
  test('is private, whole, and never replaces', async () => {
    const file = path.join(tempFolder(), 'file');
    await createFileDurably(fileSystem, file, Buffer.from('one'));
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    await expect(createFileDurably(fileSystem, file, Buffer.from('two'))).rejects.toMatchObject({
      code: 'EEXIST',
    });
    expect(fs.readFileSync(file, 'utf8')).toBe('one');
  });

  test('is replaced in one step, or not at all and without a trace', async () => {
    const folder = tempFolder();
    const file = path.join(folder, 'file');
    await replaceFileDurably(fileSystem, file, Buffer.from('one'));
    await replaceFileDurably(fileSystem, file, Buffer.from('two'));
    expect(fs.readFileSync(file, 'utf8')).toBe('two');
    for (const call of ['rename', 'open'] as const) {
      const broken = { ...fileSystem, [call]: () => Promise.reject(new Error('full')) };
      await expect(replaceFileDurably(broken, file, Buffer.from('three'))).rejects.toThrow('full');
      expect(fs.readFileSync(file, 'utf8')).toBe('two');
      expect(fs.readdirSync(folder)).toEqual(['file']);
    }
  });

  test('a disk that takes no more bytes is an error, not an empty file', async () => {
    const file = path.join(tempFolder(), 'file');
    const full = {
      ...fileSystem,
      open: async (...args: Parameters<typeof fileSystem.open>) => {
        const handle = await fileSystem.open(...args);
        return Object.assign(handle, { write: () => Promise.resolve({ bytesWritten: 0 }) });
      },
    } as unknown as typeof fileSystem;
    await expect(replaceFileDurably(full, file, Buffer.from('x'))).rejects.toMatchObject({
      code: 'STATE_NOT_SAVED',
    });
    expect(fs.existsSync(file)).toBe(false);
  });
});

describe('the state directory', () => {
  test('lies in the git directory, where it was configured, or in the project', async () => {
    const root = tempFolder();
    const gitDir = path.join(root, '.git');
    fs.mkdirSync(gitDir);
    const repository = { topLevel: root, gitDir };
    const at = { fileSystem, root, stateDir: undefined, repository };
    expect(await locateState(at)).toEqual({ path: path.join(gitDir, 'moult'), home: root });
    expect(await locateState({ ...at, repository: null })).toEqual({
      path: path.join(root, '.moult'),
      home: root,
    });
    expect((await locateState({ ...at, stateDir: 'a/b' })).path).toBe(path.join(root, 'a/b'));
    expect((await locateState({ ...at, stateDir: '/elsewhere' })).path).toBe('/elsewhere');
    expect(fs.readdirSync(root)).toEqual(['.git']);
  });

  test('is private and ignored by git when it is made, and made only once', async () => {
    const home = tempFolder();
    const state = { path: path.join(home, 'one/two'), home };
    await createState(fileSystem, state);
    expect(fs.statSync(state.path).mode & 0o777).toBe(0o700);
    expect(fs.readFileSync(path.join(state.path, '.gitignore'), 'utf8')).toBe('*\n');
    fs.writeFileSync(path.join(state.path, '.gitignore'), 'changed\n');
    await createState(fileSystem, state);
    expect(fs.readFileSync(path.join(state.path, '.gitignore'), 'utf8')).toBe('changed\n');
  });
});

describe('the task store', () => {
  test('knows ids in order of number, and nothing else', async () => {
    const directory = tempFolder();
    const store = new TaskStore(fileSystem, directory, { version: 1, steps: {} });
    expect([await store.ids(), await store.activeIds()]).toEqual([[], []]);
    await store.prepare();
    for (const name of ['si-10', 'si-9', 'si-100', 'si-7.draft', 'other', 'si-', 'si-1x'])
      fs.mkdirSync(path.join(directory, 'tasks', name));
    expect(await store.ids()).toEqual(['si-9', 'si-10', 'si-100']);
    for (const name of ['..', 'si-7.draft', 'si-8', ''])
      await expect(store.folder(name)).rejects.toMatchObject({ code: 'TASK_UNKNOWN' });
  });

  test('a task that could not be written whole does not exist, and a draft of a dead process is no obstacle', async () => {
    const directory = tempFolder();
    const store = new TaskStore(fileSystem, directory, { version: 1, steps: {} });
    await store.prepare();
    fs.mkdirSync(path.join(directory, 'tasks/si-1.draft/planned'), { recursive: true });
    await expect(store.create('si-1', () => Promise.reject(new Error('full')))).rejects.toThrow('full');
    expect(fs.readdirSync(path.join(directory, 'tasks'))).toEqual([]);
    const folder = await store.create('si-1', () => Promise.resolve());
    expect(await store.loadSnapshot(folder)).toBeNull();
    await store.discard(folder);
    expect(await store.ids()).toEqual([]);
  });
});
