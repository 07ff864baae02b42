import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileSystem } from '../../../src/ports/file-system.js';
import { nodeFileSystem } from '../../../src/ports/node-file-system.js';
import { GitProject } from './support/git-project.js';

let project: GitProject;
beforeEach(() => {
  project = new GitProject();
  project.write('.gitignore', 'ignored/\n*.log\n');
  project.write('a.txt', 'a\n');
  project.write('src/b.ts', 'b\n');
  project.write('src/deep/c.ts', 'c\n');
  project.write('run.sh', '#!/bin/sh\n', 0o755);
  project.link('link', 'a.txt');
  project.commitAll();
  project.settle();
});
afterEach(() => project.remove());

/** The checkpoint holds just what the working tree holds. */
async function expectFaithful(): Promise<string[]> {
  const onDisk = project.onDisk();
  const { commit, notices } = await project.checkpoint();
  expect(project.inCheckpoint(commit)).toEqual(onDisk);
  project.fsck();
  return notices;
}

describe('a checkpoint holds the working tree byte for byte', () => {
  it('when nothing differs from HEAD', async () => {
    expect(await expectFaithful()).toEqual([]);
    const { commit } = await project.checkpoint();
    const tree = project.storeGit('rev-parse', `${commit}^{tree}`).toString();
    expect(tree).toBe(project.git('rev-parse', 'HEAD^{tree}'));
  });

  it('with changed, new, staged and deleted files', async () => {
    project.write('a.txt', 'changed\n');
    project.write('new.txt');
    project.write('new/deep/er.txt');
    project.write('staged.txt', 'staged\n');
    project.git('add', 'staged.txt');
    project.write('both.txt', 'staged\n');
    project.git('add', 'both.txt');
    project.write('both.txt', 'and changed again\n');
    project.rm('src/deep/c.ts');
    await expectFaithful();
  });

  it('with a file that was deleted by git rm and written anew', async () => {
    project.git('rm', '--quiet', '--cached', 'a.txt');
    project.write('a.txt', 'again\n');
    await expectFaithful();
  });

  it('without files that were deleted by git rm', async () => {
    project.git('rm', '--quiet', '-r', 'src');
    await expectFaithful();
  });

  it('with a change that keeps size and time', async () => {
    const { mtime, atime, ctimeMs } = fs.statSync(project.path('a.txt'));
    // git, too, sees such a change only by the time of the last change of the inode, to the second.
    await sleep(ctimeMs + 1_010 - Date.now());
    project.write('a.txt', 'A\n');
    fs.utimesSync(project.path('a.txt'), atime, mtime);
    await expectFaithful();
  });

  it('with a change in the second in which the index was written', async () => {
    const untilNextSecond = () => sleep(1_005 - (Date.now() % 1_000));
    await untilNextSecond();
    project.write('racy.txt', 'one\n');
    project.commitAll();
    project.write('racy.txt', 'two\n');
    await untilNextSecond();
    await expectFaithful();
  });

  it('with modes that changed', async () => {
    fs.chmodSync(project.path('a.txt'), 0o755);
    fs.chmodSync(project.path('run.sh'), 0o644);
    project.write('new.sh', 'x\n', 0o700);
    project.write('group.sh', 'x\n', 0o654);
    await expectFaithful();
  });

  it('with executable bits that the user told git not to look at', async () => {
    project.git('config', 'core.fileMode', 'false');
    fs.chmodSync(project.path('a.txt'), 0o755);
    await expectFaithful();
  });

  it('with links: new, changed, dangling, to a folder and out of the project', async () => {
    project.rm('link');
    project.link('link', 'src/b.ts');
    project.link('dangling', 'nowhere');
    project.link('folder', 'src');
    project.link('outside', '/etc/passwd');
    project.link('long', 'x'.repeat(2000));
    await expectFaithful();
  });

  it('with a file for a link, a link for a file', async () => {
    project.rm('link');
    project.write('link', 'now a file\n');
    project.rm('a.txt');
    project.link('a.txt', 'src');
    await expectFaithful();
  });

  it('with a file for a folder, a folder for a file', async () => {
    project.rm('src');
    project.write('src', 'now a file\n');
    project.rm('a.txt');
    project.write('a.txt/inside/it', 'x\n');
    await expectFaithful();
  });

  it('with a link for a folder, which is not followed', async () => {
    const elsewhere = `${project.base}/elsewhere`;
    fs.renameSync(project.path('src'), elsewhere);
    fs.writeFileSync(`${elsewhere}/secret`, 'not ours\n');
    project.link('src', elsewhere);
    await expectFaithful();
  });

  it('with a folder for a tracked link to a folder', async () => {
    project.link('dir', 'src');
    project.commitAll();
    project.rm('dir');
    project.write('dir/b.ts', 'other\n');
    await expectFaithful();
  });

  it('with a file that is announced (intent to add), changed or deleted since', async () => {
    project.write('announced.txt', 'x\n');
    project.write('folder/announced-and-gone.txt', 'x\n');
    project.git('add', '--intent-to-add', 'announced.txt', 'folder/announced-and-gone.txt');
    project.rm('folder/announced-and-gone.txt');
    await expectFaithful();
  });

  it('with empty files, large files and binary bytes', async () => {
    project.write('empty', '');
    project.write('binary', Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256)));
    project.write('tracked-large', Buffer.alloc(17 * 1024 * 1024, 'x'));
    project.commitAll();
    project.write('tracked-large', Buffer.alloc(18 * 1024 * 1024 + 3, 'xyz'));
    await expectFaithful();
  });

  it('with two files of the same new bytes, and one that holds the bytes of another', async () => {
    for (const name of ['one', 'two', 'three/four', 'a.txt']) project.write(name, 'the same\n');
    project.write('src/b.ts', 'c\n');
    await expectFaithful();
  });

  it('with names that are hard to write', async () => {
    const names: (string | Buffer)[] = [
      '"quoted"',
      'with "quotes" inside',
      'new\nline',
      '\nleading',
      'tab\there',
      'back\\slash',
      ' spaces ',
      '-dash',
      '--option',
      ':(top)magic',
      '*',
      '[a]',
      '!bang',
      '#hash',
      'ünïcödé',
      'aux',
      'trailing.',
      Buffer.from([0x66, 0xff, 0xfe, 0x6f]),
      Buffer.concat([Buffer.from('dir'), Buffer.from([0xe9]), Buffer.from('/f')]),
      'n'.repeat(255),
      `${'d'.repeat(200)}/${'e'.repeat(200)}/f`,
    ];
    for (const name of names) project.write(name, 'new\n');
    await expectFaithful();
    project.commitAll();
    project.settle();
    await expectFaithful();
    for (const name of names) project.write(name, 'changed\n');
    await expectFaithful();
    expect(Object.keys(project.onDisk()).length).toBe(names.length + 6);
  });

  it('with names that git itself would not take', async () => {
    project.write('.GIT/config', 'x\n');
    project.write('sub/.Git', 'x\n');
    project.write('git~1', 'x\n');
    project.link('.gitmodules', 'a.txt');
    await expectFaithful();
  });

  it('with names whose order in a tree is not their order in the index', async () => {
    for (const name of ['x/y', 'x.a', 'x-a', 'x0', 'xx/y', 'x/y.z', 'x.d/e', 'x/y-z/f']) project.write(name);
    project.commitAll();
    project.write('x/y', 'changed\n');
    project.write('x+/new', 'new\n');
    await expectFaithful();
  });

  it('ignores what the user ignores, by every kind of exclude file in the project', async () => {
    project.write('.git/info/exclude', 'private\n');
    project.write('src/.gitignore', '*.tmp\n!keep.tmp\n');
    for (const name of ['ignored/x', 'x.log', 'private', 'src/x.tmp', 'src/keep.tmp']) project.write(name);
    await expectFaithful();
    const { commit } = await project.checkpoint();
    expect(Object.keys(project.tree(commit))).not.toContain('private');
    expect(Object.keys(project.tree(commit))).toContain('src/keep.tmp');
  });

  it('follows the exclude file when it changes between two checkpoints', async () => {
    project.write('later.txt');
    await expectFaithful();
    project.write('.git/info/exclude', 'later.txt\n');
    await expectFaithful();
  });

  it('keeps a tracked file that is also ignored', async () => {
    project.write('forced.log', 'x\n');
    project.git('add', '--force', 'forced.log');
    project.write('forced.log', 'changed\n');
    await expectFaithful();
  });

  it('with local changes to files git was told to take for unchanged', async () => {
    project.git('update-index', '--assume-unchanged', 'a.txt');
    project.git('update-index', '--skip-worktree', 'src/b.ts');
    project.write('a.txt', 'local\n');
    project.write('src/b.ts', 'local\n');
    await expectFaithful();
  });

  it('keeps files git was told to take for unchanged when they are gone', async () => {
    project.git('update-index', '--assume-unchanged', 'a.txt');
    project.git('update-index', '--skip-worktree', 'src/b.ts');
    project.rm('a.txt');
    project.rm('src/b.ts');
    const { commit } = await project.checkpoint();
    expect(project.tree(commit)).toMatchObject({ 'a.txt': {}, 'src/b.ts': {} });
  });

  it('without a stat cache to trust (a copied repository)', async () => {
    fs.cpSync(project.top, `${project.base}/copy`, { recursive: true, verbatimSymlinks: true });
    project.top = `${project.base}/copy`;
    project.write('a.txt', 'changed\n');
    await expectFaithful();
  });

  it('with no file at all', async () => {
    for (const name of ['.gitignore', 'a.txt', 'src', 'run.sh', 'link']) project.rm(name);
    await expectFaithful();
  });

  it('in many folders, several of them changed', async () => {
    for (let i = 0; i < 40; i += 1) {
      for (let j = 0; j < 20; j += 1) project.write(`m/d${i}/s${j % 3}/f${j}.ts`, `${i} ${j}\n`);
    }
    project.commitAll();
    project.settle();
    for (let i = 0; i < 11; i += 1) project.write(`m/d${i}/s1/f4.ts`, `changed ${i}\n`);
    await expectFaithful();
  });
});

describe('line ends and filters leave the bytes alone', () => {
  it.each([
    ['autocrlf=true, by the repository', ['core.autocrlf', 'true'], null],
    ['autocrlf=input, by the repository', ['core.autocrlf', 'input'], null],
    ['text=auto', null, '* text=auto\n'],
    ['eol=crlf', null, '*.txt eol=crlf\n'],
    ['ident', null, '*.txt ident\n'],
    ['an encoding', null, '??*.txt working-tree-encoding=UTF-16LE\n'],
  ])('%s: files that git takes for unchanged, and changed ones', async (_, config, attributes) => {
    if (config !== null) project.git('config', ...config);
    if (attributes !== null) project.write('.gitattributes', attributes);
    const text = 'one\r\n$Id: something $\r\ntwo\r\n';
    const bytes = attributes?.includes('UTF-16') ? Buffer.from(text, 'utf16le') : text;
    project.write('crlf.txt', bytes);
    project.write('other.txt', bytes);
    project.commitAll();
    project.settle();
    expect(project.git('status', '--porcelain')).toBe('');
    await expectFaithful();
    project.write('other.txt', Buffer.concat([Buffer.from(bytes), Buffer.from(bytes)]));
    project.write('new.txt', bytes);
    await expectFaithful();
  });

  it('text=auto with only line feeds copies nothing', async () => {
    project.write('.gitattributes', '* text=auto\n');
    project.commitAll();
    project.settle();
    await project.checkpoint();
    const blobs = project
      .storeGit('cat-file', '--batch-all-objects', '--batch-check', '--unordered')
      .toString();
    expect(fs.readFileSync(`${project.store}/objects/info/alternates`, 'utf8')).toContain('.git/objects');
    fs.writeFileSync(`${project.store}/objects/info/alternates`, '');
    const own = project.storeGit('cat-file', '--batch-all-objects', '--batch-check').toString();
    expect(blobs).toContain(' blob ');
    expect(own).not.toContain(' blob ');
  });

  it('a filter that keeps the size', async () => {
    project.git('config', 'filter.rot.clean', 'tr a-z b-za');
    project.git('config', 'filter.rot.smudge', 'tr b-za a-z');
    project.write('.gitattributes', '*.secret filter=rot\n');
    project.write('x.secret', 'hello\n');
    project.write('y.secret', 'hello\n');
    project.commitAll();
    project.settle();
    expect(project.git('cat-file', 'blob', ':x.secret')).toBe('ifmmp\n');
    await expectFaithful();
    project.write('y.secret', 'changed\n');
    await expectFaithful();
  });

  it('attributes of the repository itself', async () => {
    project.write('.git/info/attributes', '*.txt text eol=crlf\n');
    project.write('crlf.txt', 'one\r\ntwo\r\n');
    project.commitAll();
    project.settle();
    await expectFaithful();
  });
});

describe('what is not in the checkpoint is said', () => {
  it('large untracked files: only their hash', async () => {
    const bytes = Buffer.alloc(17 * 1024 * 1024, 'large');
    project.write('large.bin', bytes);
    const { commit, notices } = await project.checkpoint();
    expect(notices).toEqual([expect.stringMatching(/"large\.bin" is large \(17825792 bytes\)/)]);
    expect(project.tree(commit)['large.bin']?.oid).toBe(
      project.gitIn(project.top, ['hash-object', 'large.bin']).toString().trim(),
    );
    expect(project.inCheckpoint(commit)['large.bin']).toBe('100644 missing');
    await expect(project.read('large.bin')).rejects.toMatchObject({ code: 'GIT_FAILED' });
  });

  it('repositories inside the project, with and without a commit', async () => {
    for (const name of ['inner', 'deep/unborn']) {
      project.write(`${name}/file`);
      project.gitIn(`${project.top}/${name}`, ['init', '--quiet']);
    }
    project.gitIn(`${project.top}/inner`, ['add', '.']);
    project.gitIn(`${project.top}/inner`, ['commit', '-qm', 'x']);
    project.write('deep/outer', 'x\n');
    const { commit, notices } = await project.checkpoint();
    expect(notices.join('\n')).toContain('"inner/" is not in the checkpoint');
    expect(Object.keys(project.tree(commit)).filter((name) => name.startsWith('inner'))).toEqual([]);
    expect(project.tree(commit)).toHaveProperty('deep/outer');
  });

  it('a repository in place of a tracked file', async () => {
    project.rm('a.txt');
    project.write('a.txt/file');
    project.gitIn(`${project.top}/a.txt`, ['init', '--quiet']);
    project.gitIn(`${project.top}/a.txt`, ['add', '.']);
    project.gitIn(`${project.top}/a.txt`, ['commit', '-qm', 'x']);
    const { commit } = await project.checkpoint();
    expect(project.tree(commit)).not.toHaveProperty('a.txt');
    expect(project.tree(commit)).toHaveProperty('src/b.ts');
  });

  it('pipes, also in place of a tracked file', async () => {
    project.rm('a.txt');
    execFileSync('mkfifo', [`${project.top}/a.txt`, `${project.top}/pipe`]);
    const { commit, notices } = await project.checkpoint();
    expect(notices).toEqual([expect.stringContaining('"a.txt" is not in the checkpoint')]);
    expect(Object.keys(project.tree(commit))).toEqual([
      '.gitignore',
      'link',
      'run.sh',
      'src/b.ts',
      'src/deep/c.ts',
    ]);
  });

  it('untracked files that cannot be read; tracked ones stop it', async () => {
    project.write('untracked', 'x\n');
    const closed = (name: string): FileSystem => ({
      ...nodeFileSystem,
      open: (file, ...rest) =>
        String(file).endsWith(`project/${name}`)
          ? Promise.reject(Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' }))
          : nodeFileSystem.open(file, ...rest),
    });
    const { commit, notices } = await project.checkpoint({ fileSystem: closed('untracked') });
    expect(notices).toEqual([expect.stringContaining('"untracked" is not in the checkpoint')]);
    expect(project.tree(commit)).not.toHaveProperty('untracked');
    project.write('a.txt', 'changed\n');
    await expect(project.checkpoint({ fileSystem: closed('a.txt') })).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      details: { path: 'a.txt' },
    });
  });
});

describe('the commit', () => {
  it('names task, HEAD and notices, and has no parents', async () => {
    project.write('inner/file');
    project.gitIn(`${project.top}/inner`, ['init', '--quiet']);
    project.gitIn(`${project.top}/inner`, ['add', '.']);
    project.gitIn(`${project.top}/inner`, ['commit', '-qm', 'x']);
    const clock = { now: () => 1_700_000_000_000, schedule: () => () => undefined };
    const { commit } = await project.checkpoint({ taskId: 'si-77', clock });
    const text = project.storeGit('cat-file', 'commit', commit).toString();
    expect(text.split('\n').slice(1)).toEqual([
      'author moult <moult@localhost> 1700000000 +0000',
      'committer moult <moult@localhost> 1700000000 +0000',
      '',
      'moult checkpoint si-77',
      '',
      `HEAD: ${project.git('rev-parse', 'HEAD').trim()}`,
      'notice: "inner/" is not in the checkpoint: it is a git repository of its own',
      '',
    ]);
    expect(project.storeGit('rev-parse', 'refs/checkpoints/si-77').toString().trim()).toBe(commit);
  });
});
