import * as fs from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { GitProject } from './support/git-project.js';

let project: GitProject;
afterEach(() => project.remove());

async function expectFaithful(): Promise<string> {
  const onDisk = project.onDisk();
  const { commit } = await project.checkpoint();
  expect(project.inCheckpoint(commit)).toEqual(onDisk);
  project.fsck();
  return commit;
}

function start(...init: string[]): void {
  project = new GitProject(init);
  project.write('a.txt', 'a\n');
  project.write('src/b.ts', 'b\n');
  project.write('src/deep/c.ts', 'c\n');
  project.write('lib/d.ts', 'd\n');
}

function dirty(): void {
  project.write('src/b.ts', 'changed\n');
  project.write('src/new.ts', 'new\n');
  project.rm('src/deep/c.ts');
}

describe('a checkpoint can be made', () => {
  it('before the first commit, with and without an index', async () => {
    start();
    await expectFaithful();
    project.git('add', 'src');
    project.write('src/b.ts', 'changed after add\n');
    const commit = await expectFaithful();
    expect(project.storeGit('cat-file', 'commit', commit).toString()).toContain('HEAD: none yet');
  });

  it('of an empty repository', async () => {
    project = new GitProject();
    await expectFaithful();
  });

  it('before the first commit, so that it survives what was staged', async () => {
    start();
    project.git('add', '--all');
    const onDisk = project.onDisk();
    const { commit } = await project.checkpoint();
    fs.rmSync(project.path('.git/index'));
    project.git('gc', '--quiet', '--prune=now');
    expect(project.inCheckpoint(commit)).toEqual(onDisk);
  });

  it('in a SHA-256 repository', async () => {
    start('--object-format=sha256');
    await expectFaithful();
    project.commitAll();
    dirty();
    const commit = await expectFaithful();
    expect(commit).toMatch(/^[0-9a-f]{64}$/);
    expect((await project.read('src/b.ts'))?.toString()).toBe('changed\n');
  });

  it('with a detached HEAD, a packed branch, a symbolic branch', async () => {
    start();
    project.commitAll();
    const head = project.git('rev-parse', 'HEAD').trim();
    const headOf = (commit: string) =>
      /HEAD: (.*)/.exec(project.storeGit('cat-file', 'commit', commit).toString())?.[1];
    project.git('pack-refs', '--all');
    dirty();
    expect(headOf(await expectFaithful())).toBe(head);
    project.git('symbolic-ref', 'refs/heads/alias', 'refs/heads/main');
    project.git('symbolic-ref', 'HEAD', 'refs/heads/alias');
    expect(headOf(await expectFaithful())).toBe(head);
    project.git('checkout', '--quiet', '--detach', 'main');
    expect(headOf(await expectFaithful())).toBe(head);
  });

  it('in a linked worktree, which has an index of its own', async () => {
    start();
    project.commitAll();
    project.git('worktree', 'add', '--quiet', '-b', 'side', '../linked');
    project.write('src/b.ts', 'of the main worktree\n');
    project.git('add', '--all');
    project.top = `${project.base}/linked`;
    dirty();
    project.write('staged.txt', 'staged here\n');
    project.git('add', 'staged.txt');
    await expectFaithful();
  });

  it('in a submodule', async () => {
    start();
    project.commitAll();
    const source = project.top;
    fs.mkdirSync(`${project.base}/outer`);
    project.top = `${project.base}/outer`;
    project.git('init', '--quiet');
    project.git('submodule', '--quiet', 'add', source, 'sub');
    project.top = `${project.base}/outer/sub`;
    dirty();
    await expectFaithful();
  });

  it('around submodules, which stay what they are in the index', async () => {
    start();
    project.commitAll();
    const source = project.top;
    fs.mkdirSync(`${project.base}/outer`);
    project.top = `${project.base}/outer`;
    project.git('init', '--quiet');
    for (const name of ['moved', 'gone', 'file']) project.git('submodule', '--quiet', 'add', source, name);
    project.commitAll();
    const [, link] = /^160000 commit (\S+)/m.exec(project.git('ls-tree', 'HEAD')) ?? [];
    project.write('moved/a.txt', 'changed inside\n');
    project.gitIn(`${project.top}/moved`, ['commit', '-qam', 'inside']);
    project.write('moved/untracked');
    project.rm('gone');
    project.rm('file');
    project.write('file', 'a file now\n');
    project.write('other', 'x\n');
    const commit = await expectFaithful();
    expect(project.tree(commit)).toMatchObject({
      moved: { mode: '160000', oid: link },
      gone: { mode: '160000', oid: link },
      file: { mode: '100644' },
    });
  });

  it('below the top of the working tree, where only the root is looked at', async () => {
    start();
    project.commitAll();
    dirty();
    project.write('lib/d.ts', 'outside the root\n');
    project.write('lib/new.ts', 'outside the root\n');
    const { commit } = await project.checkpoint({ root: `${project.top}/src` });
    expect(Object.keys(project.tree(commit))).toEqual(['a.txt', 'lib/d.ts', 'src/b.ts', 'src/new.ts']);
    expect(project.storeGit('cat-file', 'blob', `${commit}:lib/d.ts`).toString()).toBe('d\n');
    expect(project.storeGit('cat-file', 'blob', `${commit}:src/b.ts`).toString()).toBe('changed\n');
  });

  it('below the top, in a folder whose name is a pattern or not ASCII', async () => {
    start();
    for (const name of ['[s]rc', 's', 'ü "x" *']) project.write(`${name}/f`, 'old\n');
    project.commitAll();
    for (const name of ['[s]rc', 'ü "x" *']) {
      project.write(`${name}/f`, `new in ${name}\n`);
      project.write('s/f', 'outside\n');
      const root = `${project.top}/${name}`;
      const { commit } = await project.checkpoint({ root });
      expect((await project.read('f', { root, commit }))?.toString()).toBe(`new in ${name}\n`);
      expect(project.storeGit('cat-file', 'blob', `${commit}:s/f`).toString()).toBe('old\n');
    }
  });

  it('with a conflict outside the root', async () => {
    conflict();
    project.write('below/x', 'x\n');
    const { commit } = await project.checkpoint({ root: `${project.top}/below` });
    expect(project.tree(commit)).toHaveProperty('below/x');
    expect(project.storeGit('cat-file', 'blob', `${commit}:a.txt`).toString()).toContain('<<<<<<<');
  });

  it('in the middle of a merge with conflicts of every kind', async () => {
    conflict();
    expect(project.git('status', '--porcelain')).toMatch(/^UU a\.txt$/m);
    expect(project.git('status', '--porcelain')).toMatch(/^(UD|DU) lib\/d\.ts$/m);
    expect(project.git('status', '--porcelain')).toMatch(/^AA both\.txt$/m);
    await expectFaithful();
    expect(fs.existsSync(project.path('.git/MERGE_HEAD'))).toBe(true);
    project.rm('both.txt');
    await expectFaithful();
  });

  it.each([
    ['split', (p: GitProject) => p.git('update-index', '--split-index')],
    ['of version 3', (p: GitProject) => p.git('update-index', '--index-version', '3')],
    ['of version 4', (p: GitProject) => p.git('update-index', '--index-version', '4')],
    ['with an untracked cache', (p: GitProject) => p.git('update-index', '--force-untracked-cache')],
    [
      'without the trees git keeps there',
      (p: GitProject) => p.git('-c', 'index.threads=1', 'read-tree', '--reset', 'HEAD'),
    ],
  ])('from an index %s', async (_, change) => {
    start();
    for (let i = 0; i < 200; i += 1) project.write(`many/f${i}`, `${i}\n`);
    project.commitAll();
    change(project);
    project.settle();
    await expectFaithful();
    dirty();
    project.write('many/f7', 'changed\n');
    project.write('staged', 'staged\n');
    project.git('add', 'staged');
    await expectFaithful();
  });

  it('from a split index whose entries were changed and removed', async () => {
    start();
    for (let i = 0; i < 200; i += 1) project.write(`many/f${i}`, `${i}\n`);
    project.git('config', 'core.splitIndex', 'true');
    project.git('config', 'splitIndex.maxPercentChange', '100');
    project.commitAll();
    project.write('many/f1', 'changed\n');
    project.git('add', 'many/f1');
    project.git('rm', '--quiet', '--cached', 'many/f2');
    project.git('rm', '--quiet', 'many/f3');
    expect(fs.readdirSync(project.path('.git')).join(' ')).toContain('sharedindex.');
    const before = project.manifest();
    await project.checkpoint();
    expect(project.manifest()).toEqual(before);
    await expectFaithful();
    expect(fs.readdirSync(project.store).join(' ')).not.toContain('sharedindex');
  });

  it.each([['--cone'], ['--cone --sparse-index'], ['--no-cone']])(
    'of a sparse checkout (%s)',
    async (options) => {
      start();
      project.write('src/deep/er/x.ts', 'x\n');
      project.write('lib/deep/y.ts', 'y\n');
      project.commitAll();
      project.git('sparse-checkout', 'set', ...options.split(' '), 'src/');
      expect(fs.existsSync(project.path('lib'))).toBe(false);
      dirty();
      const { commit } = await project.checkpoint();
      const whole = { ...project.onDisk() };
      const found = project.inCheckpoint(commit);
      expect(found).toMatchObject(whole);
      const leftOut = ['a.txt', 'lib/d.ts', 'lib/deep/y.ts'];
      expect(new Set(Object.keys(found))).toEqual(new Set([...Object.keys(whole), ...leftOut]));
      expect(found).not.toHaveProperty('src/deep/c.ts');
    },
  );

  it.each([['--cone'], ['--cone --sparse-index']])(
    'of a sparse checkout (%s) with files outside its patterns',
    async (options) => {
      start();
      project.write('lib/deep/y.ts', 'y\n');
      project.commitAll();
      project.git('sparse-checkout', 'set', ...options.split(' '), 'src');
      project.write('lib/d.ts', 'written by hand\n');
      project.write('lib/deep/new.ts', 'new\n');
      const { commit } = await project.checkpoint();
      const found = project.inCheckpoint(commit);
      expect(found).toMatchObject(project.onDisk());
      expect(found).toHaveProperty('lib/deep/y.ts');
      expect((await project.read('lib/d.ts'))?.toString()).toBe('written by hand\n');
    },
  );

  it('of a sparse checkout where a file took the place of a folder that is left out', async () => {
    start();
    project.commitAll();
    project.git('sparse-checkout', 'set', '--no-cone', '/src/');
    project.write('lib', 'a file now\n');
    const { commit } = await project.checkpoint();
    expect(project.inCheckpoint(commit)).toMatchObject(project.onDisk());
    expect(project.tree(commit)).not.toHaveProperty('lib/d.ts');
    project.fsck();
  });

  it('of a clone that borrows its objects, and of a shallow one', async () => {
    start();
    project.commitAll('one');
    project.write('a.txt', 'two\n');
    project.commitAll('two');
    for (const options of [['--shared'], ['--depth=1']]) {
      const source = project.top;
      const name = `clone${options.join('')}`;
      project.git(
        'clone',
        '--quiet',
        ...options,
        `file://${source}`.replace(/^file:\/\//, options[0] === '--shared' ? '' : 'file://'),
        `../${name}`,
      );
      project.top = `${project.base}/${name}`;
      dirty();
      await expectFaithful();
      project.top = source;
    }
  });

  it('of a partial clone, without fetching anything', async () => {
    start();
    project.write('.gitattributes', '* text=auto\n');
    project.commitAll();
    project.git('config', 'uploadpack.allowFilter', 'true');
    const source = project.top;
    project.git('clone', '--quiet', '--filter=blob:none', '--sparse', `file://${source}`, '../partial');
    project.top = `${project.base}/partial`;
    fs.renameSync(source, `${source}-gone`);
    project.write('a.txt', 'changed\n');
    const { commit } = await project.checkpoint();
    expect(project.tree(commit)).toHaveProperty('src/b.ts');
    expect(project.storeGit('cat-file', 'blob', `${commit}:a.txt`).toString()).toBe('changed\n');
  });

  it('where paths hold spaces, quotes and line breaks', async () => {
    start();
    project.commitAll();
    const odd = `${project.base}/a "b"\n: c`;
    fs.renameSync(project.top, odd);
    project.top = odd;
    dirty();
    const onDisk = project.onDisk();
    const { commit } = await project.checkpoint();
    expect(project.inCheckpoint(commit)).toEqual(onDisk);
  });
});

/** A merge that stopped: both changed, one deleted, both added. */
function conflict(): void {
  start();
  project.commitAll();
  project.git('checkout', '--quiet', '-b', 'side');
  project.write('a.txt', 'theirs\n');
  project.write('both.txt', 'theirs\n');
  project.write('clean.txt', 'theirs\n');
  project.rm('lib/d.ts');
  project.commitAll('side');
  project.git('checkout', '--quiet', 'main');
  project.write('a.txt', 'ours\n');
  project.write('both.txt', 'ours\n');
  project.write('lib/d.ts', 'ours\n');
  project.commitAll('main');
  expect(() => project.git('merge', 'side')).toThrow();
}
