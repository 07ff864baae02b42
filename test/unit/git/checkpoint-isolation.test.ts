import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCheckpoint } from '../../../src/git/create-checkpoint.js';
import type { Spawner } from '../../../src/ports/spawner.js';
import { nodeSpawner } from '../../../src/process/node-spawner.js';
import { GitProject } from './support/git-project.js';

let project: GitProject;
beforeEach(() => {
  project = new GitProject();
  project.write('a.txt', 'a\n');
  project.write('src/b.ts', 'b\n');
  project.write('src/gone.ts', 'x\n');
  project.commitAll();
  project.settle();
});
afterEach(() => {
  vi.unstubAllEnvs();
  project.remove();
});

function dirty(): void {
  project.write('a.txt', 'changed\n');
  project.write('new/file', 'new\n');
  project.write('staged', 'staged\n');
  project.git('add', 'staged');
  project.rm('src/gone.ts');
}

/** A script that leaves a trace when anything runs it. */
function canary(): { script: string; hasRun: () => boolean } {
  const script = `${project.base}/canary.sh`;
  fs.writeFileSync(script, `#!/bin/sh\ntouch '${project.base}/canary-has-run'\ncat\n`, { mode: 0o755 });
  return { script, hasRun: () => fs.existsSync(`${project.base}/canary-has-run`) };
}

describe("the user's repository", () => {
  it('gets nothing: no object, no ref, no time, no byte', async () => {
    dirty();
    const before = project.manifest();
    await project.checkpoint();
    await project.checkpoint({ taskId: 'si-2' });
    await project.read('a.txt');
    expect(project.manifest()).toEqual(before);
  });

  it('gets nothing where its index keeps no trees, so that all of them are made', async () => {
    dirty();
    project.git('read-tree', 'HEAD');
    const before = project.manifest();
    const onDisk = project.onDisk();
    expect(project.manifest()).toEqual(before);
    const { commit } = await project.checkpoint();
    expect(project.manifest()).toEqual(before);
    expect(project.inCheckpoint(commit)).toEqual(onDisk);
  });

  it('gets nothing where the store lies in its own folder, and git does not see the store', async () => {
    const status = project.git('status', '--porcelain');
    const before = project.manifest();
    fs.mkdirSync(project.path('.git/moult/scratch'), { recursive: true });
    const place = {
      store: `${project.top}/.git/moult/store.git`,
      scratch: `${project.top}/.git/moult/scratch`,
    };
    project.write('a.txt', 'changed\n');
    const { commit } = await project.checkpoint(place);
    expect(
      project.gitIn(place.store, ['--git-dir', place.store, 'cat-file', 'blob', `${commit}:a.txt`]),
    ).toEqual(Buffer.from('changed\n'));
    const after = Object.entries(project.manifest()).filter(([file]) => !file.includes('.git/moult'));
    expect(Object.fromEntries(after)).toEqual(before);
    project.write('a.txt', 'a\n');
    expect(project.git('status', '--porcelain')).toBe(status);
    expect(project.git('log', '--all', '--oneline').trim().split('\n')).toHaveLength(1);
  });

  it('gets nothing while it is split', async () => {
    project.git('update-index', '--split-index');
    dirty();
    const before = project.manifest();
    await project.checkpoint();
    expect(project.manifest()).toEqual(before);
  });

  it('does not matter when it is locked', async () => {
    dirty();
    const onDisk = project.onDisk();
    for (const lock of ['index.lock', 'HEAD.lock', 'config.lock', 'packed-refs.lock'])
      project.write(`.git/${lock}`, '');
    const before = project.manifest();
    const { commit } = await project.checkpoint();
    expect(project.inCheckpoint(commit)).toEqual(onDisk);
    expect(project.manifest()).toEqual(before);
  });

  it('may be collected, repacked and pruned afterwards', async () => {
    dirty();
    project.write('staged-only', 'staged and not committed\n');
    project.git('add', 'staged-only');
    const onDisk = project.onDisk();
    const { commit } = await project.checkpoint();
    project.git('reset', '--quiet', '--mixed');
    project.git('reflog', 'expire', '--expire=now', '--all');
    project.git('gc', '--quiet', '--aggressive', '--prune=now');
    expect(project.inCheckpoint(commit)).toEqual(onDisk);
    project.fsck();
    expect((await project.read('staged-only'))?.toString()).toBe('staged and not committed\n');
  });

  it('may be moved afterwards', async () => {
    dirty();
    await project.checkpoint();
    fs.renameSync(project.top, `${project.base}/moved`);
    project.top = `${project.base}/moved`;
    expect((await project.read('src/b.ts'))?.toString()).toBe('b\n');
    expect((await project.read('a.txt'))?.toString()).toBe('changed\n');
    const onDisk = project.onDisk();
    const { commit } = await project.checkpoint({ taskId: 'si-2' });
    expect(project.inCheckpoint(commit)).toEqual(onDisk);
  });
});

describe('nothing the repository configures is run', () => {
  it('hooks, monitors, filters, pagers, diff and text drivers, aliases, signing programs', async () => {
    dirty();
    project.write('.gitattributes', '* filter=x diff=x merge=x text=auto\n');
    const onDisk = project.onDisk();
    project.git('update-index', '--split-index');
    const { script, hasRun } = canary();
    const settings = {
      'core.fsmonitor': script,
      'core.hooksPath': `${project.base}/hooks`,
      'core.pager': script,
      'core.editor': script,
      'core.sshCommand': script,
      'core.gitProxy': script,
      'core.alternateRefsCommand': script,
      'core.askPass': script,
      'filter.x.clean': script,
      'filter.x.smudge': script,
      'filter.x.process': script,
      'filter.x.required': 'true',
      'diff.x.textconv': script,
      'diff.x.command': script,
      'diff.external': script,
      'merge.x.driver': script,
      'gpg.program': script,
      'commit.gpgSign': 'true',
      'credential.helper': script,
      'sequence.editor': script,
      'trace2.eventTarget': `${project.base}/canary-has-run`,
      'include.path': `${project.base}/more-config`,
      ...Object.fromEntries(
        ['diff-files', 'ls-files', 'diff-index', 'update-index', 'cat-file', 'check-attr', 'ls-tree'].map(
          (name) => [`alias.${name}`, `!${script}`],
        ),
      ),
    };
    const config = (await project.repository()).gitDir + '/config';
    fs.mkdirSync(`${project.base}/hooks`);
    for (const hook of ['post-index-change', 'pre-commit', 'reference-transaction', 'fsmonitor-watchman']) {
      fs.copyFileSync(script, `${project.base}/hooks/${hook}`);
      fs.copyFileSync(script, project.path(`.git/hooks/${hook}`));
    }
    for (const [name, value] of Object.entries(settings))
      execFileSync('git', ['config', '-f', config, name, value]);
    const { commit } = await project.checkpoint();
    await project.read('a.txt');
    expect(project.inCheckpoint(commit)).toEqual(onDisk);
    expect(hasRun()).toBe(false);
    // The trap is set: the user's own git falls into it.
    expect(() => project.git('add', '--all')).toThrow();
    expect(hasRun()).toBe(true);
  });

  it('nor what a submodule configures', async () => {
    const { script, hasRun } = canary();
    const other = new GitProject();
    try {
      other.write('.gitattributes', '* filter=x\n');
      other.write('file', 'x\n');
      other.commitAll();
      project.git('submodule', '--quiet', 'add', other.top, 'sub');
      project.commitAll();
      project.gitIn(`${project.top}/sub`, ['config', 'core.fsmonitor', script]);
      project.gitIn(`${project.top}/sub`, ['config', 'filter.x.clean', script]);
      project.write('sub/file', 'y\n');
      await project.checkpoint();
      expect(hasRun()).toBe(false);
      project.git('diff-files');
      expect(hasRun()).toBe(true);
    } finally {
      other.remove();
    }
  });

  it('and a .gitmodules file that git cannot read does not stop it', async () => {
    project.write('.gitmodules', '<<<<<<< ours\n[submodule "x"\n=======\n');
    const onDisk = project.onDisk();
    const { commit } = await project.checkpoint();
    expect(project.inCheckpoint(commit)).toEqual(onDisk);
  });
});

describe('the environment of the caller', () => {
  it.each([
    ['GIT_DIR', '/nowhere'],
    ['GIT_INDEX_FILE', '/nowhere/index'],
    ['GIT_WORK_TREE', '/'],
    ['GIT_OBJECT_DIRECTORY', '/nowhere'],
    ['GIT_ALTERNATE_OBJECT_DIRECTORIES', '/nowhere'],
    ['GIT_COMMON_DIR', '/nowhere'],
    ['GIT_NAMESPACE', 'other'],
    ['GIT_CONFIG_PARAMETERS', "'core.bare=true'"],
    ['GIT_EXTERNAL_DIFF', '/bin/false'],
    ['GIT_GLOB_PATHSPECS', '1'],
    ['GIT_DEFAULT_HASH', 'sha256'],
    ['GIT_TRACE', '1'],
    ['LC_ALL', 'de_DE.UTF-8'],
  ])('%s has no effect', async (name, value) => {
    dirty();
    const onDisk = project.onDisk();
    vi.stubEnv(name, value);
    const { commit } = await project.checkpoint();
    vi.unstubAllEnvs();
    expect(project.inCheckpoint(commit)).toEqual(onDisk);
  });

  it('does not lead to another repository, as in a hook', async () => {
    const decoy = new GitProject();
    try {
      decoy.write('decoy', 'x\n');
      decoy.commitAll();
      const before = decoy.manifest();
      vi.stubEnv('GIT_DIR', `${decoy.top}/.git`);
      vi.stubEnv('GIT_INDEX_FILE', `${decoy.top}/.git/index`);
      vi.stubEnv('GIT_WORK_TREE', decoy.top);
      vi.stubEnv('GIT_CONFIG_COUNT', '1');
      vi.stubEnv('GIT_CONFIG_KEY_0', 'core.worktree');
      vi.stubEnv('GIT_CONFIG_VALUE_0', decoy.top);
      const { commit } = await project.checkpoint();
      vi.unstubAllEnvs();
      expect(Object.keys(project.tree(commit))).toEqual(['a.txt', 'src/b.ts', 'src/gone.ts']);
      expect(decoy.manifest()).toEqual(before);
    } finally {
      decoy.remove();
    }
  });

  it('and the ignore file of the home has none', async () => {
    fs.mkdirSync(`${project.base}/home/.config/git`, { recursive: true });
    fs.writeFileSync(`${project.base}/home/.config/git/ignore`, '*\n');
    vi.stubEnv('HOME', `${project.base}/home`);
    project.write('new', 'x\n');
    const { commit } = await project.checkpoint();
    vi.unstubAllEnvs();
    expect(project.tree(commit)).toHaveProperty('new');
  });

  it('and line ends that the configuration of the home converts are found', async () => {
    project.git('config', 'core.autocrlf', 'true');
    project.write('crlf.txt', 'one\r\ntwo\r\n');
    project.commitAll();
    project.settle();
    project.git('config', '--unset', 'core.autocrlf');
    fs.mkdirSync(`${project.base}/home`);
    fs.writeFileSync(`${project.base}/home/.gitconfig`, '[core]\n\tautocrlf = true\n');
    vi.stubEnv('HOME', `${project.base}/home`);
    const { commit } = await project.checkpoint();
    vi.unstubAllEnvs();
    expect(project.storeGit('cat-file', 'blob', `${commit}:crlf.txt`).toString()).toBe('one\r\ntwo\r\n');
  });
});

describe('the git program', () => {
  it('may be missing: then there is no checkpoint, and it says why', async () => {
    const missing: Spawner = (_, args, options) => spawn(`${project.base}/no-git-here`, args, options);
    expect(await createCheckpoint(await project.request({ spawn: missing }))).toEqual({
      kind: 'none',
      reason: 'The git program was not found.',
    });
  });

  it('may fail: then it throws', async () => {
    const failing: Spawner = (_, __, options) => spawn('sh', ['-c', 'echo broken >&2; exit 3'], options);
    await expect(project.checkpoint({ spawn: failing })).rejects.toMatchObject({
      code: 'GIT_FAILED',
      details: { reason: 'broken' },
    });
  });

  it('may find a damaged index: then it throws, and the ref of the task stays away', async () => {
    fs.truncateSync(project.path('.git/index'), 50);
    await expect(project.checkpoint()).rejects.toMatchObject({ code: 'GIT_FAILED' });
    expect(fs.readdirSync(`${project.store}/refs/checkpoints`)).toEqual([]);
  });

  it('is started twice for a clean tree and for a dirty one', async () => {
    const started: string[] = [];
    const counting: Spawner = (command, args, options) => {
      started.push(args.find((arg) => /^(?:diff|ls|update|write|cat|hash|check|commit)-/.test(arg)) ?? '?');
      return nodeSpawner(command, args, options);
    };
    await project.checkpoint({ spawn: counting });
    expect(started).toEqual(['diff-files', 'ls-files']);
    project.write('a.txt', 'changed\n');
    project.write('new', 'x\n');
    await project.checkpoint({ spawn: counting });
    expect(started.slice(2)).toEqual(['diff-files', 'ls-files']);
  });
});
