import * as fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GitProject } from './support/git-project.js';

let project: GitProject;
beforeEach(() => {
  project = new GitProject();
  project.write('a.txt', 'a\n');
  project.write('src/b.ts', 'b\n');
  project.link('link', 'a.txt');
  project.commitAll();
});
afterEach(() => project.remove());

describe('readCheckpointFile', () => {
  it('reads committed, changed and untracked files as they were', async () => {
    const bytes = Buffer.from([0, 13, 10, 255, 254, 10]);
    project.write('a.txt', bytes);
    project.write('new "ü"\n.bin', bytes);
    await project.checkpoint();
    for (const name of ['a.txt', 'src/b.ts', 'new "ü"\n.bin']) project.write(name, 'later\n');
    expect(await project.read('a.txt')).toEqual(bytes);
    expect(await project.read('new "ü"\n.bin')).toEqual(bytes);
    expect(await project.read('src/b.ts')).toEqual(Buffer.from('b\n'));
  });

  it('reads the target of a link', async () => {
    await project.checkpoint();
    expect((await project.read('link'))?.toString()).toBe('a.txt');
  });

  it('reads an empty file, which is not an absent one', async () => {
    project.write('empty', '');
    await project.checkpoint();
    expect(await project.read('empty')).toEqual(Buffer.alloc(0));
  });

  it('answers null for what the checkpoint does not hold', async () => {
    fs.rmSync(project.path('a.txt'));
    await project.checkpoint();
    for (const name of ['a.txt', 'src', 'nothing', 'src/nothing', 'a.txt/x', 'sr*', '*']) {
      expect(await project.read(name)).toBeNull();
    }
  });

  it('answers null for a task without a checkpoint, and makes no store for it', async () => {
    expect(await project.read('a.txt')).toBeNull();
    expect(fs.existsSync(project.store)).toBe(false);
  });

  it('goes by the root', async () => {
    const root = `${project.top}/src`;
    await project.checkpoint({ root });
    expect((await project.read('b.ts', { root }))?.toString()).toBe('b\n');
    expect(await project.read('a.txt', { root })).toBeNull();
  });

  it('throws where the checkpoint is damaged', async () => {
    project.write('a.txt', 'changed\n');
    const { commit } = await project.checkpoint();
    const { oid } = project.tree(commit)['a.txt'] as { oid: string };
    fs.rmSync(`${project.store}/objects/${oid.slice(0, 2)}/${oid.slice(2)}`);
    await expect(project.read('a.txt')).rejects.toMatchObject({ code: 'GIT_FAILED' });
    await expect(project.read('a.txt', { commit: 'f'.repeat(40) })).rejects.toMatchObject({
      code: 'GIT_FAILED',
    });
  });
});
