import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRepository } from '../../../src/git/find-repository.js';
import { nodeFileSystem } from '../../../src/ports/node-file-system.js';
import { GitProject } from './support/git-project.js';

let project: GitProject;
afterEach(() => project.remove());
const find = (folder = project.top) => findRepository(nodeFileSystem, folder);

describe('findRepository', () => {
  beforeEach(() => {
    project = new GitProject();
  });

  it('finds the repository at the root and from folders below it', async () => {
    const gitDir = path.join(project.top, '.git');
    const expected = { topLevel: project.top, gitDir, commonDir: gitDir, objectFormat: 'sha1' };
    project.write('deep/er/file');
    expect(await find()).toEqual(expected);
    expect(await find(`${project.top}/deep/er`)).toEqual(expected);
  });

  it('says what git says', async () => {
    project.write('deep/file');
    const repository = await find(`${project.top}/deep`);
    const said = project.gitIn(`${project.top}/deep`, [
      ...['rev-parse', '--path-format=absolute', '--show-toplevel', '--git-dir', '--git-common-dir'],
    ]);
    expect([repository?.topLevel, repository?.gitDir, repository?.commonDir]).toEqual(
      said.toString().trim().split('\n'),
    );
  });

  it('goes by the real path of the root', async () => {
    project.write('deep/file');
    fs.symlinkSync(`${project.top}/deep`, `${project.base}/link`);
    expect(await find(`${project.base}/link`)).toMatchObject({ topLevel: project.top });
  });

  it('answers null outside git', async () => {
    expect(await find(project.base)).toBeNull();
  });

  it('passes a .git folder that is no repository, as git does', async () => {
    project.write('sub/.git/something');
    expect(await find(`${project.top}/sub`)).toMatchObject({ topLevel: project.top });
    fs.mkdirSync(`${project.state}/.git`);
    expect(await find(project.state)).toBeNull();
  });

  it('passes a .git that is a pipe or a broken link', async () => {
    fs.mkdirSync(`${project.top}/sub`);
    fs.symlinkSync('nowhere', `${project.top}/sub/.git`);
    expect(await find(`${project.top}/sub`)).toMatchObject({ topLevel: project.top });
  });

  it('follows a .git that is a link', async () => {
    fs.mkdirSync(`${project.base}/other`);
    fs.symlinkSync(`${project.top}/.git`, `${project.base}/other/.git`);
    expect(await find(`${project.base}/other`)).toMatchObject({
      topLevel: `${project.base}/other`,
      gitDir: `${project.top}/.git`,
    });
  });

  it('finds a linked worktree and what it shares', async () => {
    project.write('file');
    project.commitAll();
    project.git('worktree', 'add', '--quiet', '../linked');
    expect(await find(`${project.base}/linked`)).toEqual({
      topLevel: `${project.base}/linked`,
      gitDir: `${project.top}/.git/worktrees/linked`,
      commonDir: `${project.top}/.git`,
      objectFormat: 'sha1',
    });
  });

  it('finds a submodule, whose .git file is relative', async () => {
    project.write('file');
    project.commitAll();
    const outer = new GitProject();
    try {
      outer.git('submodule', '--quiet', 'add', project.top, 'sub');
      expect(fs.readFileSync(`${outer.top}/sub/.git`, 'utf8')).toBe('gitdir: ../.git/modules/sub\n');
      expect(await find(`${outer.top}/sub`)).toMatchObject({
        topLevel: `${outer.top}/sub`,
        gitDir: `${outer.top}/.git/modules/sub`,
        commonDir: `${outer.top}/.git/modules/sub`,
      });
    } finally {
      outer.remove();
    }
  });

  it.each([
    ['a target that is gone', 'gitdir: /nowhere/at/all\n', 'there is no repository in /nowhere/at/all'],
    ['a target that is no repository', 'gitdir: .\n', 'there is no repository in'],
    ['no target', 'something else\n', 'it names no folder'],
    ['nothing', '', 'it names no folder'],
  ])('does not take a .git file with %s for "no git"', async (_, text, reason) => {
    project.write('sub/.git', text);
    await expect(find(`${project.top}/sub`)).rejects.toMatchObject({
      code: 'REPOSITORY_BROKEN',
      details: { file: `${project.top}/sub/.git`, reason: expect.stringContaining(reason) as string },
    });
  });

  it('does not take a worktree whose main repository is gone for a whole one', async () => {
    project.write('file');
    project.commitAll();
    project.git('worktree', 'add', '--quiet', '../linked');
    fs.writeFileSync(`${project.top}/.git/worktrees/linked/commondir`, '../../nowhere\n');
    await expect(find(`${project.base}/linked`)).rejects.toMatchObject({ code: 'REPOSITORY_BROKEN' });
  });

  it('is not misled by a comment about the object format', async () => {
    fs.appendFileSync(
      `${project.top}/.git/config`,
      '[extensions]\n# objectformat = sha256\n\tcompatObjectFormat = sha256\n',
    );
    expect(await find()).toMatchObject({ objectFormat: 'sha1' });
  });
});

describe('findRepository, with SHA-256', () => {
  it('tells the object format', async () => {
    project = new GitProject(['--object-format=sha256']);
    expect(await find()).toMatchObject({ objectFormat: 'sha256' });
  });
});
