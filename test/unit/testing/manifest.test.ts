import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { diffManifests, manifest, tempRepository } from '../../../src/testing/index.js';
import type { TempRepository, TempRepositoryOptions } from '../../../src/testing/index.js';

const made: TempRepository[] = [];
afterEach(async () => {
  for (const repository of made.splice(0)) await repository.remove();
});

async function make(options?: TempRepositoryOptions): Promise<TempRepository> {
  const repository = await tempRepository(options);
  made.push(repository);
  return repository;
}

async function linesAfter({ root }: TempRepository, change: () => unknown): Promise<string[]> {
  const before = await manifest(root);
  await change();
  return diffManifests(before, await manifest(root));
}

describe('the manifest of a repository', () => {
  it('lists the directory itself and what lies in it, and git only by what it keeps', async () => {
    const { root } = await make();
    const { entries, git } = await manifest(root);
    const paths = Object.keys(entries);
    expect(paths).toContain('.');
    expect(paths).toContain('src/a.ts');
    expect(paths.filter((name) => /(^|\/)\.git($|\/)/.test(name))).toEqual([]);
    expect(Object.keys(git)).toEqual(['.']);
    expect(git['.']?.HEAD).toBe('ref: refs/heads/main');
  });

  it('says what a file is', async () => {
    const { root } = await make();
    const { entries } = await manifest(root);
    expect(entries['empty.txt']).toEqual({
      type: 'file',
      mode: '0644',
      links: 1,
      sizeBytes: 0,
      sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    });
    expect(Object.keys(entries['empty folder']!).sort()).toEqual(['mode', 'type']);
    expect(entries['empty folder']?.mode).toMatch(/^0\d{3}$/);
    expect(entries['link-to-a.ts']).toMatchObject({ type: 'symlink', target: 'src/a.ts' });
  });

  it('can be taken through a symbolic link to the directory', async () => {
    const { root } = await make();
    const alias = path.join(root, '..', 'alias');
    await symlink(root, alias);
    expect(await manifest(alias)).toEqual(await manifest(root));
  });

  it('fails for a directory that is not there', async () => {
    const { root } = await make({ git: false });
    await expect(manifest(path.join(root, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('where the project is not the whole repository', () => {
  it('a sub-folder shows the git state of the repository around it', async () => {
    const repository = await make({ layout: 'subfolder' });
    const { entries, git } = await manifest(repository.root);
    expect(Object.keys(git)).toEqual(['../..']);
    expect(entries['packages']).toBeUndefined();
    const lines = await linesAfter(repository, () => repository.git(['reset', '--quiet']));
    expect(lines.map((line) => line.split(': ')[0])).toContain('../../.git/index');
  });

  it('a linked working tree shows its own state and what it shares', async () => {
    const repository = await make({ layout: 'worktree' });
    const { git } = await manifest(repository.root);
    const facts = git['.']!;
    expect(facts['.git']).toMatch(/^gitdir: .*main\/\.git\/worktrees\/project$/);
    expect(facts.HEAD).toBe('ref: refs/heads/work');
    expect(facts['common/HEAD']).toBe('ref: refs/heads/main');
    expect(facts['common/refs/heads/work']).toMatch(/^[0-9a-f]{40}$/);
    expect(facts['common/stash@{0}']).toContain('work for later');
    expect(Object.keys(facts).filter((name) => name.startsWith('common/worktrees/project/'))).toEqual([]);
    const staged = await linesAfter(repository, () => repository.git(['reset', '--quiet']));
    expect(staged.map((line) => line.split(': ')[0])).toContain('.git/index');
    const tagged = await linesAfter(repository, () => repository.git(['tag', 'mine']));
    expect(tagged.map((line) => line.split(': ')[0])).toEqual(['.git/common/refs/tags/mine']);
  });

  it("a linked working tree's state directory is left out, seen from either tree", async () => {
    const repository = await make({ layout: 'worktree' });
    const main = path.join(repository.root, '..', 'main');
    const state = path.join(main, '.git', 'worktrees', 'project', 'moult');
    const before = await manifest(main);
    const work = async () => {
      await mkdir(state);
      await writeFile(path.join(state, 'journal'), 'intent');
    };
    expect(await linesAfter(repository, work)).toEqual([]);
    expect(diffManifests(before, await manifest(main))).toEqual([]);
  });

  it("a submodule shows its own repository, and its host shows the submodule's", async () => {
    const repository = await make({ layout: 'submodule' });
    const host = path.join(repository.root, '..');
    expect((await manifest(repository.root)).git['.']?.['.git']).toMatch(
      /^gitdir: .*\.git\/modules\/project$/,
    );
    const before = await manifest(host);
    expect(Object.keys(before.git).sort()).toEqual(['.', 'project']);
    const tag = () => repository.git(['tag', 'mine']);
    expect((await linesAfter(repository, tag)).map((line) => line.split(': ')[0])).toEqual([
      '.git/refs/tags/mine',
    ]);
    const seen = diffManifests(before, await manifest(host)).map((line) => line.split(': ')[0]);
    expect(seen).toContain('project/.git/refs/tags/mine');
  });

  it('a repository inside the project shows what it keeps', async () => {
    const repository = await make();
    await repository.write('vendor/lib/index.js', '');
    await repository.git(['init', '--quiet', 'vendor/lib']);
    const lines = await linesAfter(repository, () =>
      repository.git(['-C', 'vendor/lib', 'config', 'a.b', 'c']),
    );
    expect(lines.map((line) => line.split(': ')[0])).toEqual(['vendor/lib/.git/config']);
  });

  it('a git directory reached through a symbolic link is seen, and so is the link', async () => {
    const repository = await make();
    const place = path.join(repository.root, '..', 'elsewhere.git');
    await rename(path.join(repository.root, '.git'), place);
    await symlink(place, path.join(repository.root, '.git'));
    const taken = await manifest(repository.root);
    expect(taken.entries['.git']).toMatchObject({ type: 'symlink', target: place });
    expect(taken.git['.']?.HEAD).toBe('ref: refs/heads/main');
  });
});

describe('where there is no repository', () => {
  it('a plain folder has entries and no git state', async () => {
    const { root } = await make({ git: false });
    const { entries, git } = await manifest(root);
    expect(git).toEqual({});
    expect(Object.keys(entries)).toContain('ignored.log');
  });

  it('a `.git` that is no repository is listed like all else', async () => {
    const repository = await make({ git: false });
    await repository.write('.git/notes', 'only called so');
    await repository.write('sub/.git', 'not a pointer');
    await repository.write('other/.git', 'gitdir: ../nowhere\n');
    const { entries, git } = await manifest(repository.root);
    expect(git).toEqual({});
    expect(Object.keys(entries)).toEqual(
      expect.arrayContaining(['.git', '.git/notes', 'sub/.git', 'other/.git']),
    );
  });

  it('a repository without a commit is one', async () => {
    const repository = await make({ unborn: true });
    const { git } = await manifest(repository.root);
    expect(git['.']?.HEAD).toBe('ref: refs/heads/main');
    expect(git['.']?.['refs/heads/main']).toBeUndefined();
  });
});
