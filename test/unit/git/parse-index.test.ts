import * as fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseIndex } from '../../../src/git/parse-index.js';
import { GitProject } from './support/git-project.js';

const long = 'n'.repeat(200);
let project: GitProject;
beforeEach(() => {
  project = new GitProject();
  for (const name of ['a', 'dir/aa', 'dir/ab', 'dir/sub/x', 'dir.txt', 'é', `${long}/${long}`])
    project.write(name);
  project.write('run.sh', 'x\n', 0o755);
  project.link('link', 'a');
  project.commitAll();
});
afterEach(() => project.remove());

const parsed = () => parseIndex(fs.readFileSync(project.path('.git/index')), 'sha1');

/** `mode oid stage path`, as `git ls-files --stage` writes it. */
const asListed = () =>
  parsed().entries.map(({ mode, oid, stage, path }) => `${mode.toString(8)} ${oid} ${stage}\t${path}`);
const listed = () =>
  project.gitIn(project.top, ['ls-files', '--stage', '-z']).toString('latin1').split('\0').filter(Boolean);

describe('parseIndex', () => {
  it.each(['2', '3', '4'])('reads what git lists, in version %s', (version) => {
    project.git('update-index', '--index-version', version);
    expect(asListed()).toEqual(listed());
    project.git('update-index', '--skip-worktree', 'dir/aa');
    project.git('update-index', '--assume-unchanged', 'dir/ab');
    project.write('announced');
    project.git('add', '--intent-to-add', 'announced');
    expect(asListed()).toEqual(listed());
    const named = (test: 'skipWorktree' | 'assumeUnchanged' | 'intentToAdd') =>
      parsed()
        .entries.filter((entry) => entry[test])
        .map(({ path }) => path);
    expect(named('skipWorktree')).toEqual(['dir/aa']);
    expect(named('assumeUnchanged')).toEqual(['dir/ab']);
    expect(named('intentToAdd')).toEqual(['announced']);
  });

  it('reads the sizes of the files', () => {
    expect(parsed().entries.map(({ path, sizeBytes }) => [path, sizeBytes])).toContainEqual(['dir/aa', 7]);
  });

  it('knows the trees git has written, and which are out of date', () => {
    const tree = (name: string) => project.git('rev-parse', `HEAD:${name}`).trim();
    expect(Object.fromEntries(parsed().trees)).toEqual({
      '': tree(''),
      'dir/': tree('dir'),
      'dir/sub/': tree('dir/sub'),
      [`${long}/`]: tree(long),
    });
    project.write('dir/ab', 'changed\n');
    project.git('add', 'dir/ab');
    expect(Object.fromEntries(parsed().trees)).toEqual({
      'dir/sub/': tree('dir/sub'),
      [`${long}/`]: tree(long),
    });
  });

  it('tells a split index', () => {
    expect(parsed().isSplit).toBe(false);
    project.git('update-index', '--split-index');
    expect(parsed().isSplit).toBe(true);
  });

  it('reads SHA-256', () => {
    const other = new GitProject(['--object-format=sha256']);
    try {
      other.write('dir/file');
      other.commitAll();
      const { entries, trees } = parseIndex(fs.readFileSync(other.path('.git/index')), 'sha256');
      expect(entries).toMatchObject([
        { path: 'dir/file', oid: other.git('rev-parse', 'HEAD:dir/file').trim() },
      ]);
      expect(trees.get('dir/')).toBe(other.git('rev-parse', 'HEAD:dir').trim());
    } finally {
      other.remove();
    }
  });

  it('refuses what is no index, or not all of one', () => {
    const bytes = fs.readFileSync(project.path('.git/index'));
    const lastEntry = bytes.indexOf('TREE');
    expect(lastEntry).toBeGreaterThan(0);
    for (let length = 0; length < lastEntry; length += 1) {
      expect(() => parseIndex(bytes.subarray(0, length), 'sha1'), `${length} bytes`).toThrow(
        expect.objectContaining({ code: 'GIT_FAILED' }),
      );
    }
    const version5 = Buffer.from(bytes);
    version5.writeUInt32BE(5, 4);
    for (const wrong of [version5, Buffer.alloc(100), Buffer.from('DIRX'.padEnd(100, '\0'))]) {
      expect(() => parseIndex(wrong, 'sha1')).toThrow(expect.objectContaining({ code: 'GIT_FAILED' }));
    }
  });
});
