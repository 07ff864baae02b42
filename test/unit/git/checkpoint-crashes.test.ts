import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileSystem } from '../../../src/ports/file-system.js';
import { nodeFileSystem } from '../../../src/ports/node-file-system.js';
import { nodeSpawner } from '../../../src/process/node-spawner.js';
import { GitProject } from './support/git-project.js';

let project: GitProject;
beforeEach(() => {
  project = new GitProject();
  project.write('a.txt', 'a\n');
  project.write('src/b.ts', 'b\n');
  project.commitAll();
  project.settle();
  project.write('a.txt', 'changed\n');
  project.write('new/file', 'new\n');
});
afterEach(() => project.remove());

async function expectFaithful(): Promise<void> {
  const onDisk = project.onDisk();
  const { commit } = await project.checkpoint();
  expect(project.inCheckpoint(commit)).toEqual(onDisk);
  expect(project.storeGit('rev-parse', 'refs/checkpoints/si-1').toString().trim()).toBe(commit);
  project.fsck();
  expect(fs.readdirSync(project.store).filter((name) => name.startsWith('incoming'))).toEqual([]);
  expect(fs.readdirSync(project.scratch)).toEqual([]);
}

type Call = { name: string; file: string };

type Handle = { sync: () => Promise<void> };

function watchedHandle(handle: Handle, file: string, see: (call: Call) => void): Handle {
  const sync = handle.sync.bind(handle);
  return Object.assign(handle, {
    sync: () => {
      see({ name: 'sync', file });
      return sync();
    },
  });
}

/** Sees every call that changes or flushes something, before it happens. */
function watched(see: (call: Call) => void): FileSystem {
  const names = ['mkdir', 'open', 'writeFile', 'rename', 'rm', 'lutimes', 'openDirectory'] as const;
  const real = nodeFileSystem as unknown as Record<string, (...args: unknown[]) => unknown>;
  const calls = names.map((name) => [
    name,
    async (...args: unknown[]) => {
      const file = String(args[0]);
      see({ name, file });
      const result: unknown = await real[name]?.(...args);
      return name === 'open' || name === 'openDirectory'
        ? watchedHandle(result as Handle, file, see)
        : result;
    },
  ]);
  const syncFile = async (file: string) => {
    see({ name: 'sync', file });
    await nodeFileSystem.syncFile(file);
  };
  return { ...nodeFileSystem, ...(Object.fromEntries(calls) as Partial<FileSystem>), syncFile };
}

describe('a second call for the same task', () => {
  it('makes a fresh checkpoint', async () => {
    await expectFaithful();
    const { commit } = await project.checkpoint();
    project.write('a.txt', 'changed again\n');
    await expectFaithful();
    expect((await project.read('a.txt'))?.toString()).toBe('changed again\n');
    expect((await project.read('a.txt', { commit }))?.toString()).toBe('changed\n');
  });

  it('leaves the checkpoints of other tasks alone', async () => {
    const { commit } = await project.checkpoint({ taskId: 'si-9' });
    await expectFaithful();
    expect(project.storeGit('rev-parse', 'refs/checkpoints/si-9').toString().trim()).toBe(commit);
  });

  it('is right wherever the one before it was cut off', async () => {
    let steps = 0;
    await project.checkpoint({ fileSystem: watched(() => (steps += 1)), taskId: 'si-0' });
    expect(steps).toBeGreaterThan(20);
    for (let cut = 1; cut <= steps; cut += 1) {
      fs.rmSync(project.store, { recursive: true, force: true });
      project.write('a.txt', `cut at ${cut}\n`);
      let step = 0;
      // From here on nothing succeeds, not even the cleaning up: as if the process were gone.
      const dying = watched(() => {
        step += 1;
        if (step >= cut) throw Object.assign(new Error(`cut at ${cut}`), { code: 'EIO' });
      });
      await expect(project.checkpoint({ fileSystem: dying })).rejects.toThrow();
      for (const left of fs.readdirSync(project.scratch)) fs.rmSync(path.join(project.scratch, left));
      await expectFaithful();
    }
  });

  it('is right over stale locks and rubbish in the store and the scratch folder', async () => {
    await project.checkpoint();
    fs.writeFileSync(`${project.scratch}/index.lock`, '');
    fs.writeFileSync(`${project.store}/index.lock`, '');
    fs.writeFileSync(`${project.store}/config.lock`, '');
    fs.mkdirSync(`${project.store}/incoming-old/ab`, { recursive: true });
    fs.writeFileSync(`${project.store}/incoming-old/ab/cd`, 'half an object');
    fs.writeFileSync(`${project.store}/refs/checkpoints/si-1`, 'half a r');
    fs.writeFileSync(`${project.store}/config`, 'half a config [');
    fs.rmSync(`${project.store}/HEAD`);
    project.write('a.txt', 'changed once more\n');
    const { commit } = await project.checkpoint();
    expect(project.inCheckpoint(commit)).toEqual(project.onDisk());
    expect(fs.readdirSync(project.store).filter((name) => name.startsWith('incoming'))).toEqual([]);
  });
});

describe('what is acknowledged', () => {
  it('is flushed first, files before they are renamed and folders after', async () => {
    await project.checkpoint({ taskId: 'si-0' });
    project.write('a.txt', 'bytes that were never seen\n');
    const calls: Call[] = [];
    await project.checkpoint({ fileSystem: watched((call) => calls.push(call)) });
    const last = (name: string, file: string) =>
      calls.findLastIndex((call) => call.name === name && call.file === file);
    const renames = calls.filter(
      ({ name, file }) => name === 'rename' && /incoming-[^/]*\/(?:[0-9a-f]{40}|ref)$/.test(file),
    );
    // The blob, the tree, the commit, and the ref.
    expect(renames).toHaveLength(4);
    expect(calls.lastIndexOf(renames.at(-1) as Call)).toBe(
      calls.findLastIndex(({ name }) => name === 'rename'),
    );
    expect(renames.at(-1)?.file).toMatch(/ref$/);
    const firstRename = calls.indexOf(renames[0] as Call);
    for (const { file } of renames) {
      expect(last('sync', file)).toBeGreaterThan(-1);
      expect(last('sync', file)).toBeLessThan(firstRename);
    }
    const lastRename = last('rename', renames.at(-1)?.file as string);
    const folders = renames.slice(0, -1).map(({ file }) => path.basename(file).slice(0, 2));
    for (const folder of [...folders.map((name) => `objects/${name}`), 'objects', 'refs/checkpoints']) {
      expect(last('sync', path.join(project.store, folder))).toBeGreaterThan(lastRename);
    }
  });

  it('is flushed for a call that crashed before it could do so', async () => {
    await project.checkpoint({ taskId: 'si-0' });
    project.write('a.txt', 'bytes that were never seen\n');
    const dying = watched(({ name, file }) => {
      if (name === 'openDirectory' && /objects\/[0-9a-f]{2}$/.test(file)) throw new Error('power is gone');
    });
    await expect(project.checkpoint({ fileSystem: dying })).rejects.toThrow('power is gone');
    const calls: Call[] = [];
    await project.checkpoint({ fileSystem: watched((call) => calls.push(call)) });
    const synced = new Set(calls.filter(({ name }) => name === 'sync').map(({ file }) => file));
    for (const name of fs.readdirSync(`${project.store}/objects`)) {
      expect(synced).toContain(`${project.store}/objects/${name}`);
    }
  });

  it('is for this user only', async () => {
    await project.checkpoint();
    for (const entry of fs.readdirSync(project.store, { recursive: true, encoding: 'utf8' })) {
      const { mode } = fs.lstatSync(path.join(project.store, entry));
      expect(`${entry} ${(mode & 0o077).toString(8)}`).toBe(`${entry} 0`);
    }
    expect(fs.statSync(project.store).mode & 0o777).toBe(0o700);
  });
});

describe('a checkpoint that is cancelled', () => {
  it('ends with the reason, names nothing and leaves no rubbish', async () => {
    const controller = new AbortController();
    const run = project.checkpoint({
      signal: controller.signal,
      spawn: (...args) => {
        controller.abort(new Error('no longer wanted'));
        return nodeSpawner(...args);
      },
    });
    await expect(run).rejects.toThrow('no longer wanted');
    expect(fs.readdirSync(`${project.store}/refs/checkpoints`)).toEqual([]);
    expect(fs.readdirSync(project.scratch)).toEqual([]);
    await expectFaithful();
  });

  it('does not begin where it was cancelled before', async () => {
    await expect(project.checkpoint({ signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow(
      'too late',
    );
    expect(fs.existsSync(project.store)).toBe(false);
  });
});

describe('a full disk', () => {
  it.each([/incoming-[^/]*\/[0-9a-f]{40}$/, /incoming-[^/]*\/ref$/, /scratch\/index/])(
    'ends it without a ref (%s)',
    async (pattern) => {
      const full = watched(({ name, file }) => {
        if (name === 'writeFile' && pattern.test(file))
          throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
      });
      await expect(project.checkpoint({ fileSystem: full })).rejects.toThrow('ENOSPC');
      expect(fs.readdirSync(`${project.store}/refs/checkpoints`)).toEqual([]);
      expect(fs.readdirSync(project.scratch)).toEqual([]);
      await expectFaithful();
    },
  );
});

it('a task id that is no name is refused', async () => {
  for (const taskId of ['../si-1', 'si/1', '', '.', 'a.lock', 'a\n']) {
    await expect(project.checkpoint({ taskId })).rejects.toMatchObject({ code: 'TASK_UNKNOWN' });
  }
});

it('a root outside the repository is refused', async () => {
  await expect(project.checkpoint({ root: project.base })).rejects.toMatchObject({ code: 'NOT_A_PROJECT' });
});
