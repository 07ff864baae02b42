import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ImprovementRequest } from '../../src/improvement.js';
import { diffManifests } from '../../src/testing/diff-manifests.js';
import { manifest } from '../../src/testing/manifest.js';
import type { TempRepositoryOptions } from '../../src/testing/temp-repository.js';
import { CollectingLogger } from './support/collecting-logger.js';
import { otherDevice } from './support/other-device.js';
import { failing, passing, testProject, type TestProject } from './support/project.js';
import { expectWideRequestInPlace, wideRequest } from './support/wide-request.js';

const kinds: [string, TempRepositoryOptions][] = [
  ['a plain repository', {}],
  ['scenarios 19, 95: a repository without a commit', { unborn: true }],
  ['scenario 95: a folder of a repository without a commit', { unborn: true, layout: 'subfolder' }],
  ['scenarios 17, 18, 94: a linked worktree', { layout: 'worktree' }],
  ['scenario 17: a submodule', { layout: 'submodule' }],
  ['scenario 7: a folder of a monorepo', { layout: 'subfolder' }],
  ['scenarios 19, 96: a folder without git', { git: false }],
];

const ignored = (options: TempRepositoryOptions) => (options.git === false ? ['.moult'] : []);

describe.each(kinds)('%s', (_, options) => {
  test('a success changes the planned paths and nothing else', async () => {
    const project = await testProject(options);
    const service = project.service();
    await service.planImprovement(wideRequest);
    expect(await service.executeImprovement()).toMatchObject({ success: true });
    if (options.git !== false) await expectWideRequestInPlace(project);
    else expect(project.text('src/a.ts')).toBe('export const a = 100;\n');
  });

  test('a failed check and an undone success put every byte back', async () => {
    const project = await testProject(options);
    const failingService = project.service({ config: { checks: failing } });
    await failingService.planImprovement(wideRequest);
    expect(await failingService.executeImprovement()).toMatchObject({ status: 'rolled_back' });
    await project.expectUntouched(ignored(options));
    const service = project.service();
    const taskId = await service.planImprovement(wideRequest);
    await service.executeImprovement();
    expect(await project.service().rollbackImprovement(taskId)).toMatchObject({ status: 'rolled_back' });
    await project.expectUntouched(ignored(options));
  });

  test('the checkpoint is made where there is git', async () => {
    const project = await testProject(options);
    const service = project.service();
    const taskId = await service.planImprovement(wideRequest);
    await service.executeImprovement();
    const { checkpoint } = await service.describeImprovement(taskId);
    expect(checkpoint?.kind).toBe(options.git === false ? 'none' : 'git');
    expect(service.getState()?.backup?.gitCommit !== undefined).toBe(options.git !== false);
  });
});

const small: ImprovementRequest = {
  description: 'One file',
  targetFiles: [],
  requiresRestart: false,
  changes: [{ file: 'src/a.ts', type: 'modify', content: 'small\n' }],
};

test('scenario 7: projects of one monorepo share the lock, and each has a history of its own', async () => {
  const project = await testProject({ layout: 'subfolder' });
  const other = path.join(project.top, 'packages/other');
  fs.mkdirSync(path.join(other, 'src'), { recursive: true });
  fs.writeFileSync(path.join(other, 'src/a.ts'), 'other\n');
  const { SelfImprovementService } = await import('../../src/self-improvement-service.js');
  const logger = new CollectingLogger();
  const neighbour = new SelfImprovementService(other, { logger, config: { checks: passing } });
  const service = project.service();
  const taskId = await service.planImprovement(small);
  await expect(neighbour.planImprovement(small)).rejects.toMatchObject({ code: 'TASK_ACTIVE' });
  await expect(neighbour.executeImprovement()).rejects.toMatchObject({ code: 'NO_TASK' });
  await service.executeImprovement();
  const second = await neighbour.planImprovement(small);
  expect(await neighbour.executeImprovement()).toMatchObject({ success: true, taskId: second });
  expect((await service.listImprovements()).map((one) => one.taskId)).toEqual([taskId]);
  expect((await neighbour.listImprovements()).map((one) => one.taskId)).toEqual([second]);
  expect(await neighbour.rollbackImprovement(second)).toMatchObject({ status: 'rolled_back' });
  expect(fs.readFileSync(path.join(other, 'src/a.ts'), 'utf8')).toBe('other\n');
  expect(project.text('src/a.ts')).toBe('small\n');
});

test('scenario 96: without git, the state is private, and nothing that a later git would show', async () => {
  const project = await testProject({ git: false });
  await project.service().planImprovement(small);
  expect(fs.readFileSync(project.at('.moult/.gitignore'), 'utf8')).toBe('*\n');
  expect(fs.statSync(project.at('.moult')).mode & 0o777).toBe(0o700);
  await project.git(['init', '--quiet']);
  expect(await project.git(['status', '--porcelain', '--', '.moult'])).toBe('');
});

test('scenario 41: nobody else may read the saved files', async () => {
  const project = await testProject();
  await project.service().planImprovement(small);
  expect(fs.statSync(project.stateDirectory).mode & 0o077).toBe(0);
  for (const name of fs.readdirSync(project.stateDirectory))
    if (name !== '.gitignore')
      expect(fs.statSync(path.join(project.stateDirectory, name)).mode & 0o077).toBe(0);
});

test('a refused request leaves no trace at all', async () => {
  for (const git of [true, false]) {
    const project = await testProject({ git } as TempRepositoryOptions);
    await expect(
      project
        .service()
        .planImprovement({ ...small, changes: [{ file: 'src/a.ts', type: 'create', content: 'x' }] }),
    ).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    expect(fs.existsSync(project.stateDirectory)).toBe(false);
    await project.expectUntouched();
  }
});

describe('a state directory of the configuration', () => {
  test.each(['.cache/moult-state', 'state'])(
    'inside the project (%s): it works, and git does not see it',
    async (stateDir) => {
      const project = await testProject();
      const service = project.service({ config: { checks: failing, stateDir } });
      await service.planImprovement(wideRequest);
      expect(await service.executeImprovement()).toMatchObject({ status: 'rolled_back' });
      await project.expectUntouched([stateDir.split('/')[0] ?? '']);
      expect(fs.existsSync(project.stateDirectory)).toBe(false);
      expect(await project.git(['status', '--porcelain', '--untracked-files=all', '--', stateDir])).toBe('');
      const protectedFile = { file: `${stateDir}/x`, type: 'create' as const, content: '' };
      await expect(service.planImprovement({ ...small, changes: [protectedFile] })).rejects.toMatchObject({
        code: 'PATH_PROTECTED',
      });
    },
  );

  test('on another device: everything holds, and nothing is left beside the files', async (context) => {
    const stateDir = otherDevice(context);
    const project = await testProject({ merge: true });
    const config = { checks: failing, stateDir };
    const service = project.service({ config });
    await service.planImprovement(wideRequest);
    expect(await service.executeImprovement()).toMatchObject({ status: 'rolled_back', displaced: [] });
    await project.expectUntouched();
    const good = project.service({ config: { ...config, checks: passing } });
    const taskId = await good.planImprovement(wideRequest);
    expect(await good.executeImprovement()).toMatchObject({ success: true });
    await expectWideRequestInPlace(project);
    expect(await good.rollbackImprovement(taskId)).toMatchObject({ status: 'rolled_back' });
    await project.expectUntouched();
  });

  test('on another device: what somebody made of a file meanwhile is kept in the state directory', async (context) => {
    const stateDir = otherDevice(context);
    const project = await testProject();
    const service = project.service({
      config: { checks: failing, stateDir },
      onProgress: ({ type }) => {
        if (type !== 'check-started') return;
        for (const file of ['src/a.ts', 'new/deep/c.ts'])
          fs.writeFileSync(project.at(file), `mine ${file}\n`);
      },
    });
    await service.planImprovement(wideRequest);
    const result = await service.executeImprovement();
    expect(result).toMatchObject({ status: 'rolled_back' });
    const kept = result.displaced.map(({ path: file, savedAt }) => [file, fs.readFileSync(savedAt, 'utf8')]);
    expect(kept.sort()).toEqual([
      ['new/deep/c.ts', 'mine new/deep/c.ts\n'],
      ['src/a.ts', 'mine src/a.ts\n'],
    ]);
    for (const { savedAt } of result.displaced) expect(savedAt.startsWith(stateDir)).toBe(true);
    await project.expectUntouched();
  });
});

/** Null where this process may not mount. */
function mountTmpfs(directory: string): boolean {
  try {
    fs.mkdirSync(directory, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    return false;
  }
  onTestFinished(() => void execFileSync('umount', ['--lazy', directory]));
  return true;
}

describe('another device', () => {
  test('the git directory lies on one: the state is kept in the project, ignored', async (context) => {
    const base = fs.mkdtempSync(path.join(os.tmpdir(), 'moult-device-'));
    onTestFinished(() => fs.rmSync(base, { recursive: true }));
    if (!mountTmpfs(path.join(base, 'git'))) context.skip('needs the right to mount');
    const root = path.join(base, 'project');
    const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
    fs.mkdirSync(path.join(root, 'src'), { recursive: true });
    git('init', '--quiet', '--separate-git-dir', path.join(base, 'git/repository'));
    fs.writeFileSync(path.join(root, 'src/a.ts'), 'a\n');
    git('add', '.');
    const before = await manifest(root);
    const { SelfImprovementService } = await import('../../src/self-improvement-service.js');
    for (const checks of [failing, passing]) {
      const service = new SelfImprovementService(root, {
        config: { checks },
        logger: new CollectingLogger(),
      });
      const taskId = await service.planImprovement(small);
      const result = await service.executeImprovement();
      expect(result.success).toBe(checks === passing);
      expect((await service.describeImprovement(taskId)).folder.startsWith(path.join(root, '.moult'))).toBe(
        true,
      );
      expect(git('--no-optional-locks', 'status', '--porcelain', '--untracked-files=all')).not.toContain(
        'moult',
      );
      if (result.success) await service.rollbackImprovement(taskId);
      expect(diffManifests(before, await manifest(root), { ignore: ['.moult'] })).toEqual([]);
    }
  });

  const across: ImprovementRequest = {
    description: 'Across devices',
    targetFiles: [],
    requiresRestart: false,
    changes: [
      { file: 'mounted/a.txt', type: 'modify', content: 'planned a\n' },
      { file: 'mounted/b.txt', type: 'delete' },
      { file: 'mounted/new/deep/c.txt', type: 'create', content: 'planned c\n' },
      { file: 'mounted/link', type: 'create', symlink: 'a.txt' },
      { file: 'src/a.ts', type: 'modify', content: 'planned\n' },
      { file: 'mounted/mode.sh', type: 'modify', mode: '0755' },
    ],
  };

  async function mountedProject(context: { skip: (note: string) => never }): Promise<TestProject> {
    const project = await testProject();
    if (!mountTmpfs(project.at('mounted'))) context.skip('needs the right to mount');
    for (const name of ['a.txt', 'b.txt', 'mode.sh'])
      fs.writeFileSync(project.at(`mounted/${name}`), `${name}\n`);
    project.before = await manifest(project.top);
    return project;
  }

  test('a planned path lies on one: a success leaves nothing of ours beside it', async (context) => {
    const project = await mountedProject(context);
    const service = project.service();
    const taskId = await service.planImprovement(across);
    expect(await service.executeImprovement()).toMatchObject({ success: true });
    expect(fs.readdirSync(project.at('mounted')).sort()).toEqual(['a.txt', 'link', 'mode.sh', 'new']);
    expect(fs.readdirSync(project.at('mounted/new/deep'))).toEqual(['c.txt']);
    expect(project.text('mounted/a.txt')).toBe('planned a\n');
    expect(fs.statSync(project.at('mounted/mode.sh')).mode & 0o777).toBe(0o755);
    expect(await service.rollbackImprovement(taskId)).toMatchObject({ status: 'rolled_back' });
    expect(diffManifests(project.before, await manifest(project.top))).toEqual([]);
  });

  test('a planned path lies on one: a failed check puts every byte back', async (context) => {
    const project = await mountedProject(context);
    const service = project.service({ config: { checks: failing } });
    await service.planImprovement(across);
    expect(await service.executeImprovement()).toMatchObject({ status: 'rolled_back', displaced: [] });
    expect(diffManifests(project.before, await manifest(project.top))).toEqual([]);
  });
});

test('scenario 15, 97: GIT_DIR, GIT_WORK_TREE and GIT_INDEX_FILE of the environment lead nowhere', async () => {
  const decoy = await testProject();
  const project = await testProject();
  const names = {
    GIT_DIR: decoy.at('.git'),
    GIT_WORK_TREE: decoy.root,
    GIT_INDEX_FILE: decoy.at('.git/index'),
  };
  Object.assign(process.env, names);
  onTestFinished(() => Object.keys(names).forEach((name) => delete process.env[name]));
  const service = project.service({ config: { checks: failing } });
  await service.planImprovement(wideRequest);
  expect(await service.executeImprovement()).toMatchObject({ status: 'rolled_back' });
  await project.expectUntouched();
  await decoy.expectUntouched();
  expect(fs.existsSync(decoy.at('.git/moult'))).toBe(false);
});

test('scenarios 26, 98: a stale index.lock of the user is neither an obstacle nor removed', async () => {
  const project = await testProject();
  fs.writeFileSync(project.at('.git/index.lock'), '');
  project.before = await manifest(project.top);
  const service = project.service({ config: { checks: failing } });
  await service.planImprovement(wideRequest);
  expect(await service.executeImprovement()).toMatchObject({ status: 'rolled_back' });
  expect(diffManifests(project.before, await manifest(project.top))).toEqual([]);
});

test('scenarios 23, 92: the checkpoint survives `git gc --prune=now` of the user', async () => {
  const project = await testProject();
  const service = project.service({
    config: { checks: failing },
    onProgress: ({ type }) => {
      if (type !== 'check-started') return;
      execFileSync('git', ['gc', '--quiet', '--prune=now'], { cwd: project.root });
      const [taskId = ''] = fs.readdirSync(path.join(project.stateDirectory, 'active'));
      for (const drawer of ['before', 'taken']) {
        const folder = path.join(project.stateDirectory, 'tasks', taskId, drawer);
        for (const name of fs.readdirSync(folder)) fs.rmSync(path.join(folder, name));
      }
    },
  });
  await service.planImprovement({
    ...small,
    changes: [
      { file: 'untracked.txt', type: 'modify', content: 'ours\n' },
      { file: 'unstaged.ts', type: 'modify', content: 'ours\n' },
      { file: 'src/b.ts', type: 'delete' },
    ],
  });
  expect(await service.executeImprovement()).toMatchObject({ status: 'rolled_back' });
  await project.expectUntouched(['.git']);
});

test('scenarios 4, 66: a commit of the user while the checks run stays, and the files are put back', async () => {
  const project = await testProject();
  const head = () => execFileSync('git', ['rev-parse', 'HEAD'], { cwd: project.root, encoding: 'utf8' });
  let committed = '';
  const service = project.service({
    config: { checks: failing },
    onProgress: ({ type }) => {
      if (type !== 'check-started') return;
      const identity = ['-c', 'user.name=a', '-c', 'user.email=b@c'];
      execFileSync('git', [...identity, 'commit', '--quiet', '-m', 'Mine'], { cwd: project.root });
      committed = head();
    },
  });
  await service.planImprovement(small);
  expect(await service.executeImprovement()).toMatchObject({ status: 'rolled_back' });
  expect(head()).toBe(committed);
  await project.expectUntouched(['.git']);
});
