import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createGit } from '../../../src/git/create-git.js';
import type { Spawner } from '../../../src/ports/spawner.js';
import { nodeSpawner } from '../../../src/process/node-spawner.js';
import { GitProject } from './support/git-project.js';

let project: GitProject;
beforeEach(() => {
  project = new GitProject();
});
afterEach(() => {
  vi.unstubAllEnvs();
  project.remove();
});

const git = (settings: Partial<Parameters<typeof createGit>[0]> = {}) =>
  createGit({ spawn: nodeSpawner, gitDir: `${project.top}/.git`, cwd: project.top, ...settings });

describe('createGit', () => {
  it('answers with the bytes of standard output', async () => {
    const oid = (
      await git()(['hash-object', '-w', '--stdin'], { stdin: Buffer.from([0, 255, 10]) })
    ).toString();
    expect(await git()(['cat-file', 'blob', oid.trim()])).toEqual(Buffer.from([0, 255, 10]));
  });

  it('gives no standard input', async () => {
    const oid = await git()(['hash-object', '--stdin']);
    expect(oid.toString().trim()).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391');
  });

  it('throws the command and what git said', async () => {
    await expect(git()(['cat-file', 'blob', 'nonsense'])).rejects.toMatchObject({
      code: 'GIT_FAILED',
      details: { command: 'cat-file blob nonsense', reason: 'fatal: Not a valid object name nonsense' },
    });
  });

  it('tells a missing program from one that fails', async () => {
    const missing: Spawner = (_, args, options) => spawn(`${project.base}/no-such-git`, args, options);
    await expect(git({ spawn: missing })(['version'])).rejects.toMatchObject({ code: 'GIT_MISSING' });
    const forbidden: Spawner = (_, args, options) => spawn(project.base, args, options);
    await expect(git({ spawn: forbidden })(['version'])).rejects.toMatchObject({ code: 'GIT_FAILED' });
  });

  it('ends a command that takes too long', async () => {
    const slow: Spawner = (_, __, options) => spawn('sleep', ['30'], options);
    await expect(git({ spawn: slow, timeoutMs: 50 })(['status'])).rejects.toMatchObject({
      code: 'GIT_FAILED',
      details: { reason: 'it did not end in time' },
    });
  });

  it('throws the reason of the signal that ends it', async () => {
    const slow: Spawner = (_, __, options) => spawn('sleep', ['30'], options);
    const controller = new AbortController();
    const run = git({ spawn: slow, signal: controller.signal })(['status']);
    controller.abort(new Error('cancelled by a person'));
    await expect(run).rejects.toThrow('cancelled by a person');
  });

  it('passes nothing on of what the caller has set for git', async () => {
    const names = [
      'GIT_DIR',
      'GIT_INDEX_FILE',
      'GIT_WORK_TREE',
      'GIT_OBJECT_DIRECTORY',
      'git_lower',
      'GIT_ASKPASS',
    ];
    for (const name of names) vi.stubEnv(name, '/elsewhere');
    vi.stubEnv('GIT_CONFIG_COUNT', '1');
    vi.stubEnv('GIT_CONFIG_KEY_0', 'alias.version');
    vi.stubEnv('GIT_CONFIG_PARAMETERS', "'core.bare=true'");
    const environment: Spawner = (_, __, options) => spawn('env', ['-0'], options);
    const output = await git({ spawn: environment })([]);
    const inherited = output
      .toString()
      .split('\0')
      .filter((line) => /^git_/i.test(line));
    expect(inherited.map((line) => line.split('=')[0]).sort()).toEqual([
      'GIT_ATTR_NOSYSTEM',
      'GIT_CONFIG_GLOBAL',
      'GIT_CONFIG_NOSYSTEM',
      'GIT_CONFIG_SYSTEM',
      'GIT_DIR',
      'GIT_NO_LAZY_FETCH',
      'GIT_NO_REPLACE_OBJECTS',
      'GIT_OPTIONAL_LOCKS',
      'GIT_TERMINAL_PROMPT',
    ]);
    expect(inherited).toContain(`GIT_DIR=${project.top}/.git`);
  });

  it('reads no configuration of the user or the system', async () => {
    fs.writeFileSync(`${project.base}/.gitconfig`, '[user]\n\tname = from home\n');
    vi.stubEnv('HOME', project.base);
    vi.stubEnv('XDG_CONFIG_HOME', project.base);
    const list = (await git()(['config', '--list', '--show-scope'])).toString();
    expect(list).not.toContain('from home');
    expect(list).not.toMatch(/^(global|system)/m);
    expect(list).toContain('core.fsmonitor=false');
    expect(list).toContain('core.hookspath=/dev/null');
  });

  it('takes paths literally', async () => {
    project.write('*', 'star\n');
    project.write('other', 'x\n');
    project.commitAll();
    const below = await git({ workTree: project.top })(['ls-files', '--', '*']);
    expect(below.toString()).toBe('*\n');
  });

  it('writes new objects where it is told to, even where that has a name to be quoted', async () => {
    const odd = `${project.base}/o:d"d\\`;
    fs.mkdirSync(odd);
    fs.mkdirSync(`${project.base}/objects`);
    fs.renameSync(`${project.top}/.git`, `${odd}/git`);
    const settings = { gitDir: `${odd}/git`, objectDirectory: `${project.base}/objects` };
    const stored = (await git({ gitDir: `${odd}/git` })(['hash-object', '-w', '--stdin'])).toString().trim();
    const apart = await git(settings)(['hash-object', '-w', '--stdin'], { stdin: Buffer.from('apart') });
    expect(fs.existsSync(`${project.base}/objects/${apart.toString().slice(0, 2)}`)).toBe(true);
    expect(await git(settings)(['cat-file', '-t', stored])).toEqual(Buffer.from('blob\n'));
  });
});
