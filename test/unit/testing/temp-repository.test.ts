import { access, chmod, lstat, mkdir, readlink, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { tempRepository } from '../../../src/testing/index.js';
import type { TempRepository, TempRepositoryOptions } from '../../../src/testing/index.js';

const made: TempRepository[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const repository of made.splice(0)) await repository.remove();
});

async function make(options?: TempRepositoryOptions): Promise<TempRepository> {
  const repository = await tempRepository(options);
  made.push(repository);
  return repository;
}

const status = async (repository: TempRepository) =>
  (await repository.git(['status', '--porcelain', '-z', '--untracked-files=all', '--ignored', '.']))
    .split('\0')
    .filter(Boolean)
    .sort();

const openWork = [
  ' D deleted.ts',
  ' M unstaged.ts',
  '!! build/output.js',
  '!! ignored.log',
  '?? untracked folder/notes.txt',
  '?? untracked.txt',
  'A  added.ts',
  'M  staged.ts',
  'MM partial.ts',
];

const prefixed = (prefix: string) =>
  openWork.map((line) => `${line.slice(0, 3)}${prefix}${line.slice(3)}`).sort();

describe('a temporary repository', () => {
  it('has somebody at work in it', async () => {
    const repository = await make();
    expect(await status(repository)).toEqual(openWork);
    expect(await repository.git(['stash', 'list'])).toContain('work for later');
    expect(await repository.git(['diff', '--cached', '--stat', 'partial.ts'])).toContain('1 insertion');
    expect(await repository.git(['diff', '--stat', 'partial.ts'])).toContain('1 insertion');
  });

  it('holds every kind of file, as it was written', async () => {
    const repository = await make();
    const committed = (await repository.git(['ls-tree', '-r', '-z', 'HEAD'])).split('\0').filter(Boolean);
    const mode = (name: string) => committed.find((line) => line.endsWith(`\t${name}`))?.slice(0, 6);
    expect(mode('script.sh')).toBe('100755');
    expect(mode('link-to-a.ts')).toBe('120000');
    for (const name of ['with space.txt', 'new\nline.txt', 'grüße-日本.txt', 'image.bin']) {
      expect(mode(name), name).toBe('100644');
    }
    expect(await repository.read('crlf.txt')).toEqual(Buffer.from('first\r\nsecond\r\nno end'));
    expect((await repository.read('bom.txt')).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    expect(await readlink(path.join(repository.root, 'link-to-a.ts'))).toBe('src/a.ts');
    expect((await stat(path.join(repository.root, 'read-only.txt'))).mode & 0o777).toBe(0o444);
    expect((await lstat(path.join(repository.root, 'empty folder'))).isDirectory()).toBe(true);
  });

  it('lies in the directory for temporary files and goes away whole', async () => {
    const repository = await tempRepository({ layout: 'worktree' });
    expect(repository.root.startsWith(path.join(tmpdir(), 'moult-'))).toBe(true);
    await mkdir(path.join(repository.root, 'locked/inner'), { recursive: true });
    await chmod(path.join(repository.root, 'locked'), 0o500);
    await repository.remove();
    await expect(access(path.dirname(repository.root))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is made the same way whatever git is told by the environment', async () => {
    vi.stubEnv('GIT_DIR', '/nowhere');
    vi.stubEnv('GIT_INDEX_FILE', '/nowhere/index');
    vi.stubEnv('GIT_CONFIG_COUNT', '1');
    vi.stubEnv('GIT_CONFIG_KEY_0', 'init.defaultBranch');
    vi.stubEnv('GIT_CONFIG_VALUE_0', 'trunk');
    const repository = await make();
    expect(await repository.git(['symbolic-ref', 'HEAD'])).toBe('refs/heads/main\n');
    expect(await status(repository)).toEqual(openWork);
  });

  it('reports what git said', async () => {
    const repository = await make();
    await expect(repository.git(['no-such-command'])).rejects.toMatchObject({
      code: 'GIT_FAILED',
      details: { command: 'no-such-command', reason: expect.stringContaining('not a git command') as string },
    });
  });

  it('writes files with the mode it is given, and keeps the mode where it is given none', async () => {
    const repository = await make({ git: false });
    const modeOf = async (name: string) => (await stat(path.join(repository.root, name))).mode & 0o777;
    await repository.write('deep/er/tool.sh', '#!/bin/sh\n', 0o750);
    expect(await modeOf('deep/er/tool.sh')).toBe(0o750);
    await repository.write('deep/er/tool.sh', 'exit 0\n');
    expect(await modeOf('deep/er/tool.sh')).toBe(0o750);
    expect(await repository.read('deep/er/tool.sh')).toEqual(Buffer.from('exit 0\n'));
  });
});

describe('its kinds', () => {
  it('a merge in progress, with a conflict and the rest of the work', async () => {
    const repository = await make({ merge: true });
    expect(await status(repository)).toEqual([...openWork, 'UU merged.ts']);
    expect(await repository.git(['rev-parse', 'MERGE_HEAD'])).toBe(
      await repository.git(['rev-parse', 'feature']),
    );
    expect((await repository.read('merged.ts')).toString()).toContain('<<<<<<<');
  });

  it('a plain folder', async () => {
    const repository = await make({ git: false });
    await expect(access(path.join(repository.root, '.git'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await repository.read('staged.ts')).toString()).toBe('export const staged = 1;\n');
  });

  it('a repository without a commit', async () => {
    const repository = await make({ unborn: true });
    await expect(repository.git(['rev-parse', '--verify', 'HEAD'])).rejects.toMatchObject({
      code: 'GIT_FAILED',
    });
    expect(await status(repository)).toEqual(
      expect.arrayContaining(['A  added.ts', 'AM partial.ts', '?? src/a.ts', '!! ignored.log']),
    );
  });

  it('a linked working tree', async () => {
    const repository = await make({ layout: 'worktree', merge: true });
    expect((await lstat(path.join(repository.root, '.git'))).isFile()).toBe(true);
    expect(await status(repository)).toEqual([...openWork, 'UU merged.ts']);
    expect(await repository.git(['rev-parse', '--git-common-dir'])).toContain('main/.git');
  });

  it("a submodule's checkout", async () => {
    const repository = await make({ layout: 'submodule' });
    expect((await lstat(path.join(repository.root, '.git'))).isFile()).toBe(true);
    expect(await repository.git(['rev-parse', '--show-superproject-working-tree'])).toContain('host');
    expect(await status(repository)).toEqual(openWork);
  });

  it('a folder below the top of its repository', async () => {
    const repository = await make({ layout: 'subfolder', merge: true });
    expect(path.relative(repository.top, repository.root)).toBe(path.join('packages', 'project'));
    const expected = [...prefixed('packages/project/'), 'UU packages/project/merged.ts'];
    expect(await status(repository)).toEqual(expected);
    expect((await repository.git(['status', '--porcelain', '--', ':/notes.txt'])).trim()).toContain('?? ');
  });

  it('are each their own top, but for the sub-folder', async () => {
    for (const options of [{}, { git: false }, { layout: 'worktree' }, { layout: 'submodule' }] as const) {
      const repository = await make(options);
      expect(repository.top).toBe(repository.root);
    }
  });
});
