import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ImprovementRequest } from '../../src/improvement.js';
import type { ServiceOptions } from '../../src/service/service-options.js';
import { diffManifests } from '../../src/testing/diff-manifests.js';
import { manifest } from '../../src/testing/manifest.js';
import { hookedFileSystem } from './support/hooked-file-system.js';
import { otherDevice } from './support/other-device.js';
import { failing, passing, testProject, type TestProject } from './support/project.js';

const request: ImprovementRequest = {
  description: 'Three files',
  targetFiles: ['unstaged.ts'],
  requiresRestart: false,
  changes: [
    { file: 'src/a.ts', type: 'modify', content: 'export const a = "planned";\n' },
    { file: 'src/b.ts', type: 'delete' },
    { file: 'new/c.ts', type: 'create', content: 'export const c = "planned";\n' },
  ],
};

const other: ImprovementRequest = {
  ...request,
  targetFiles: [],
  changes: [{ file: 'staged.ts', type: 'modify', content: 'another task\n' }],
};

/** What changes outside the plan stays as it is. */
const onlyReporting: ServiceOptions = { config: { checks: failing, undeclared: 'report' } };

/** Plans, and does something as soon as every file is in place and the checks begin. */
async function whileChecking(
  project: TestProject,
  checks: typeof passing,
  meddle: () => void,
  options: ServiceOptions = {},
  asked = request,
) {
  let isDone = false;
  const service = project.service({
    config: { checks },
    ...options,
    onProgress: ({ type }) => {
      if (type !== 'check-started' || isDone) return;
      isDone = true;
      meddle();
    },
  });
  const taskId = await service.planImprovement(asked);
  const result = await service.executeImprovement();
  expect(isDone).toBe(true);
  return { service, taskId, result };
}

/** While a rollback has failed, the saved files keep their names. */
async function expectUntouchedButLinks(project: TestProject, ignore: string[]): Promise<void> {
  const differences = diffManifests(project.before, await manifest(project.top), { ignore });
  expect(differences.filter((line) => !/: links 1 -> [23]$/.test(line))).toEqual([]);
}

function saveByRename(file: string, content: string): void {
  fs.writeFileSync(`${file}.new`, content);
  fs.renameSync(`${file}.new`, file);
}

const edits: [string, (file: string, content: string) => void][] = [
  ['in place', (file, content) => fs.writeFileSync(file, content)],
  ['by rename', saveByRename],
];

describe('somebody edits a planned file while the checks run', () => {
  test.each(edits)(
    'scenarios 5, 12, 65: saved %s, before a failed check: moved aside and reported',
    async (_, save) => {
      const project = await testProject();
      const { result } = await whileChecking(project, failing, () => save(project.at('src/a.ts'), 'mine\n'));
      expect(result).toMatchObject({ status: 'rolled_back', rollbackPerformed: true });
      expect(result.displaced).toHaveLength(1);
      expect(result.displaced[0]?.path).toBe('src/a.ts');
      expect(fs.readFileSync(result.displaced[0]?.savedAt ?? '', 'utf8')).toBe('mine\n');
      await project.expectUntouched();
    },
  );

  test.each(edits)(
    'scenarios 5, 65: saved %s, before a passing check: a conflict, and their bytes are kept',
    async (_, save) => {
      const project = await testProject();
      const { result } = await whileChecking(project, passing, () => save(project.at('src/a.ts'), 'mine\n'));
      expect(result).toMatchObject({ success: false, status: 'rolled_back' });
      expect(result.failure).toMatchObject({ code: 'EDIT_CONFLICT', details: { paths: ['src/a.ts'] } });
      expect(fs.readFileSync(result.displaced[0]?.savedAt ?? '', 'utf8')).toBe('mine\n');
      await project.expectUntouched();
    },
  );

  test.each(edits)('saved %s over a file that the improvement created', async (_, save) => {
    for (const checks of [failing, passing]) {
      const project = await testProject();
      const { result } = await whileChecking(project, checks, () => save(project.at('new/c.ts'), 'mine\n'));
      expect(result.status).toBe('rolled_back');
      expect(result.displaced.map((item) => item.path)).toEqual(['new/c.ts']);
      expect(fs.readFileSync(result.displaced[0]?.savedAt ?? '', 'utf8')).toBe('mine\n');
      await project.expectUntouched();
    }
  });

  test.each(edits)('saved %s where the improvement deleted a file', async (_, save) => {
    for (const checks of [failing, passing]) {
      const project = await testProject();
      const { result } = await whileChecking(project, checks, () => save(project.at('src/b.ts'), 'mine\n'));
      expect(result.status).toBe('rolled_back');
      expect(result.displaced.map((item) => item.path)).toEqual(['src/b.ts']);
      expect(fs.readFileSync(result.displaced[0]?.savedAt ?? '', 'utf8')).toBe('mine\n');
      await project.expectUntouched();
    }
  });

  test('a mere target that is changed meanwhile is put back, and the other version is kept aside', async () => {
    const project = await testProject();
    const { result } = await whileChecking(project, failing, () =>
      fs.writeFileSync(project.at('unstaged.ts'), 'mine\n'),
    );
    expect(result.displaced.map((item) => item.path)).toEqual(['unstaged.ts']);
    expect(fs.readFileSync(result.displaced[0]?.savedAt ?? '', 'utf8')).toBe('mine\n');
    await project.expectUntouched();
  });

  test('only the mode of a planned file is changed: a conflict', async () => {
    const project = await testProject();
    const { result } = await whileChecking(project, passing, () =>
      fs.chmodSync(project.at('src/a.ts'), 0o600),
    );
    expect(result.failure?.code).toBe('EDIT_CONFLICT');
    await project.expectUntouched();
  });

  test('every one of several versions is kept', async () => {
    const project = await testProject();
    const { result } = await whileChecking(project, failing, () => {
      fs.writeFileSync(project.at('src/a.ts'), 'mine a\n');
      fs.writeFileSync(project.at('src/b.ts'), 'mine b\n');
      fs.writeFileSync(project.at('new/c.ts'), 'mine c\n');
    });
    const saved = result.displaced.map(({ path: name, savedAt }) => [name, fs.readFileSync(savedAt, 'utf8')]);
    expect(saved.sort()).toEqual([
      ['new/c.ts', 'mine c\n'],
      ['src/a.ts', 'mine a\n'],
      ['src/b.ts', 'mine b\n'],
    ]);
    await project.expectUntouched();
  });
});

describe('somebody deletes', () => {
  test.each([
    ['before a failed check', failing],
    ['before a passing check', passing],
  ])('scenario 40: planned files %s: everything is as before', async (_, checks) => {
    const project = await testProject();
    const { result } = await whileChecking(project, checks, () => {
      fs.rmSync(project.at('src/a.ts'));
      fs.rmSync(project.at('new'), { recursive: true });
    });
    expect(result).toMatchObject({ status: 'rolled_back', displaced: [] });
    await project.expectUntouched();
  });

  test('the whole folder of planned files: it is made again', async () => {
    const project = await testProject();
    const { result } = await whileChecking(project, failing, () =>
      fs.rmSync(project.at('src'), { recursive: true }),
    );
    expect(result).toMatchObject({ status: 'rolled_back', displaced: [] });
    await project.expectUntouched();
  });
});

describe('somebody makes a file where one was planned to be created', () => {
  test('scenarios 8, 46: between plan and execute: the plan is void, and nothing was applied', async () => {
    const project = await testProject();
    const service = project.service();
    const taskId = await service.planImprovement(request);
    fs.mkdirSync(project.at('new'));
    fs.writeFileSync(project.at('new/c.ts'), 'mine\n');
    await expect(service.executeImprovement()).rejects.toMatchObject({
      code: 'PLAN_STALE',
      details: { paths: ['new/c.ts'] },
    });
    expect(project.text('new/c.ts')).toBe('mine\n');
    await project.expectUntouched(['new']);
    await expect(service.executeImprovement(taskId)).rejects.toMatchObject({ code: 'TASK_FINISHED' });
  });

  test.each(['src/a.ts', 'src/b.ts', 'unstaged.ts'])(
    'scenarios 8, 46: %s is edited in place between plan and execute: the plan is void',
    async (file) => {
      const project = await testProject();
      const service = project.service();
      await service.planImprovement(request);
      fs.writeFileSync(project.at(file), 'mine\n');
      await expect(service.executeImprovement()).rejects.toMatchObject({
        code: 'PLAN_STALE',
        details: { paths: [file] },
      });
      expect(project.text(file)).toBe('mine\n');
      expect(fs.statSync(project.at(file)).nlink).toBe(1);
      await project.expectUntouched([file]);
    },
  );

  test('scenario 63: while the changes are applied: theirs stays, everything else is put back', async () => {
    const project = await testProject();
    let isMade = false;
    const fileSystem = hookedFileSystem((call, [, to]) => {
      if (isMade || call !== 'link' || !String(to).endsWith('/c.ts')) return;
      isMade = true;
      fs.writeFileSync(project.at('new/c.ts'), 'mine\n');
    });
    const service = project.service({ fileSystem });
    await service.planImprovement(request);
    const result = await service.executeImprovement();
    expect(isMade).toBe(true);
    expect(result).toMatchObject({ success: false, status: 'rolled_back', kept: ['new/c.ts'] });
    expect(result.failure?.code).toBe('EDIT_CONFLICT');
    expect(project.text('new/c.ts')).toBe('mine\n');
    await project.expectUntouched(['new']);
  });

  test.each(edits)(
    'a file edited %s between the last look and the swap keeps their bytes',
    async (_, save) => {
      const project = await testProject();
      let isMade = false;
      const fileSystem = hookedFileSystem((call, [from]) => {
        if (isMade || call !== 'rename' || !String(from).endsWith('/a.ts')) return;
        isMade = true;
        save(project.at('src/a.ts'), 'mine\n');
      });
      const service = project.service({ fileSystem });
      await service.planImprovement(request);
      const result = await service.executeImprovement();
      expect(isMade).toBe(true);
      expect(result).toMatchObject({ success: false, status: 'rolled_back', kept: ['src/a.ts'] });
      expect(project.text('src/a.ts')).toBe('mine\n');
      expect(fs.statSync(project.at('src/a.ts')).nlink).toBe(1);
      await project.expectUntouched(['src/a.ts']);
    },
  );

  test.each(edits)('a file edited %s while it is being put back keeps their bytes', async (_, save) => {
    const project = await testProject();
    let isRollingBack = false;
    let isMade = false;
    const fileSystem = hookedFileSystem((call, [from]) => {
      if (!isRollingBack || isMade || call !== 'rename' || !String(from).endsWith('/a.ts')) return;
      isMade = true;
      save(project.at('src/a.ts'), 'mine\n');
    });
    const service = project.service({
      fileSystem,
      config: { checks: failing },
      onProgress: (event) => {
        if (event.type === 'state' && event.state === 'rolling_back') isRollingBack = true;
      },
    });
    await service.planImprovement(request);
    const result = await service.executeImprovement();
    expect(isMade).toBe(true);
    expect(result.displaced.map(({ savedAt }) => fs.readFileSync(savedAt, 'utf8'))).toEqual(['mine\n']);
    await project.expectUntouched();
  });
});

describe('a program that had a planned file open saves into it after the swap', () => {
  test.each([
    ['a failed check', failing],
    ['a passing check', passing],
  ])('before %s: their bytes are in the file afterwards', async (_, checks) => {
    const project = await testProject();
    const open = fs.openSync(project.at('src/a.ts'), 'r+');
    onTestFinished(() => fs.closeSync(open));
    const { result } = await whileChecking(project, checks, () => {
      fs.ftruncateSync(open);
      fs.writeSync(open, 'mine, through an old descriptor\n', 0);
    });
    expect(result).toMatchObject({ success: false, status: 'rolled_back', kept: ['src/a.ts'] });
    expect(project.text('src/a.ts')).toBe('mine, through an old descriptor\n');
    await project.expectUntouched(['src/a.ts']);
  });

  test('with the state on another file system: their bytes survive as well', async (context) => {
    const elsewhere = otherDevice(context);
    const project = await testProject();
    for (const checks of [failing, passing]) {
      const open = fs.openSync(project.at('src/a.ts'), 'r+');
      const was = project.text('src/a.ts');
      const { result } = await whileChecking(
        project,
        checks,
        () => {
          fs.ftruncateSync(open);
          fs.writeSync(open, 'mine\n', 0);
        },
        { config: { checks, stateDir: elsewhere } },
      );
      fs.closeSync(open);
      expect(result.success).toBe(false);
      const copies = [
        project.text('src/a.ts'),
        ...result.displaced.map(({ savedAt }) => fs.readFileSync(savedAt, 'utf8')),
      ];
      expect(copies).toContain('mine\n');
      fs.writeFileSync(project.at('src/a.ts'), was);
      await project.expectUntouched();
    }
  });
});

describe('folders', () => {
  test('scenarios 1, 40, 63: what somebody puts into a folder that the improvement made stays there', async () => {
    const project = await testProject();
    const meddle = () => fs.writeFileSync(project.at('new/mine.txt'), 'mine\n');
    const { result } = await whileChecking(project, failing, meddle, onlyReporting);
    expect(result).toMatchObject({ status: 'rolled_back', displaced: [] });
    expect(fs.readdirSync(project.at('new'))).toEqual(['mine.txt']);
    expect(project.text('new/mine.txt')).toBe('mine\n');
    await project.expectUntouched(['new']);
  });

  test('scenarios 1, 40, 63: where undeclared changes are put back, it is moved aside and named', async () => {
    const project = await testProject();
    const meddle = () => fs.writeFileSync(project.at('new/mine.txt'), 'mine\n');
    const { result } = await whileChecking(project, failing, meddle);
    expect(result).toMatchObject({ status: 'rolled_back', displaced: [{ path: 'new/mine.txt' }] });
    expect(fs.readFileSync(result.displaced[0]?.savedAt ?? '', 'utf8')).toBe('mine\n');
    await project.expectUntouched();
  });

  test('scenario 74: a folder that somebody made in the place of a planned file is moved aside whole, and named', async () => {
    for (const checks of [failing, passing]) {
      const project = await testProject();
      const { result } = await whileChecking(project, checks, () => {
        fs.rmSync(project.at('src/a.ts'));
        fs.mkdirSync(project.at('src/a.ts'));
        fs.writeFileSync(project.at('src/a.ts/mine.txt'), 'mine\n');
      });
      expect(result).toMatchObject({ success: false, status: 'rolled_back', rollbackPerformed: true });
      expect(result.displaced.map(({ path }) => path)).toEqual(['src/a.ts']);
      expect(fs.readFileSync(`${result.displaced[0]?.savedAt}/mine.txt`, 'utf8')).toBe('mine\n');
      await project.expectUntouched([]);
    }
  });

  test('scenario 73: a folder of planned files that somebody replaced by a link is not written through', async () => {
    const project = await testProject();
    const meddle = () => {
      fs.renameSync(project.at('new'), project.at('moved'));
      fs.symlinkSync('moved', project.at('new'));
    };
    const { service, taskId, result } = await whileChecking(project, failing, meddle, onlyReporting);
    expect(result).toMatchObject({ success: false, status: 'rollback_failed' });
    expect(result.failure?.details).toMatchObject({ paths: [{ path: 'new/c.ts' }] });
    expect(project.text('moved/c.ts')).toBe('export const c = "planned";\n');
    fs.rmSync(project.at('new'));
    fs.renameSync(project.at('moved'), project.at('new'));
    expect(await service.rollbackImprovement(taskId)).toMatchObject({ status: 'rolled_back' });
    await project.expectUntouched();
  });

  test('scenario 73: where undeclared changes are put back, the link is moved aside first', async () => {
    const project = await testProject();
    const { result } = await whileChecking(project, failing, () => {
      fs.renameSync(project.at('new'), project.at('moved'));
      fs.symlinkSync('moved', project.at('new'));
    });
    expect(result).toMatchObject({ status: 'rolled_back', displaced: [{ path: 'new' }] });
    // Somebody moved it there; that the improvement made it nobody can see any more.
    expect(result.undeclared).toContainEqual(
      expect.objectContaining({ path: 'moved/c.ts', kind: 'created', restored: false }),
    );
    await project.expectUntouched(['moved']);
  });

  test('a nested new folder replaced by a link: every path that could not be put back is named', async () => {
    const project = await testProject();
    const asked: ImprovementRequest = {
      ...request,
      changes: [...request.changes, { file: 'deep/er/d.ts', type: 'create', content: 'd\n' }],
    };
    const meddle = () => {
      fs.renameSync(project.at('deep'), project.at('moved'));
      fs.symlinkSync('moved', project.at('deep'));
    };
    const { service, taskId, result } = await whileChecking(project, failing, meddle, onlyReporting, asked);
    expect(result).toMatchObject({ status: 'rollback_failed', rollbackPerformed: true });
    const { paths } = result.failure?.details as { paths: { path: string }[] };
    expect(paths.map((item) => item.path)).toContain('deep/er/d.ts');
    await expectUntouchedButLinks(project, ['deep', 'moved']);
    fs.rmSync(project.at('deep'));
    fs.renameSync(project.at('moved'), project.at('deep'));
    expect(await service.rollbackImprovement(taskId)).toMatchObject({ status: 'rolled_back' });
    await project.expectUntouched();
  });
});

describe('a before-image that is damaged on disk', () => {
  const savedFiles = (project: TestProject): string[] => {
    const [taskId = ''] = fs.readdirSync(path.join(project.stateDirectory, 'active'));
    return ['before', 'taken'].flatMap((drawer) => {
      const folder = path.join(project.stateDirectory, 'tasks', taskId, drawer);
      return fs.readdirSync(folder).map((name) => path.join(folder, name));
    });
  };
  /** Other bytes, the same name, size and times; what was linked to it is left alone. */
  const rot = (project: TestProject) => () => {
    for (const saved of savedFiles(project)) {
      fs.renameSync(saved, `${saved}.good`);
      fs.writeFileSync(saved, 'x'.repeat(fs.statSync(`${saved}.good`).size));
      execFileSync('touch', ['-r', `${saved}.good`, saved]);
      fs.rmSync(`${saved}.good`);
    }
  };
  const forget = (project: TestProject) => () => savedFiles(project).forEach((saved) => fs.rmSync(saved));

  test('scenarios 25, 57: in git, the checkpoint has the bytes of a file with local edits', async () => {
    const project = await testProject();
    const { result } = await whileChecking(
      project,
      failing,
      forget(project),
      {},
      {
        ...request,
        changes: [...request.changes, { file: 'untracked.txt', type: 'modify', content: 'ours\n' }],
        targetFiles: [],
      },
    );
    expect(result).toMatchObject({ status: 'rolled_back', rollbackPerformed: true });
    await project.expectUntouched();
  });

  test('of a completed improvement, written into or replaced since: the old bytes come back, the others are reported', async () => {
    for (const replace of [false, true]) {
      const project = await testProject();
      const service = project.service({ config: { checks: passing } });
      const taskId = await service.planImprovement(request);
      expect((await service.executeImprovement()).status).toBe('completed');
      const { folder } = await service.describeImprovement(taskId);
      const saved = path.join(folder, 'before', '0');
      if (replace) fs.rmSync(saved);
      fs.writeFileSync(saved, 'not what it was\n');
      const result = await service.rollbackImprovement(taskId);
      expect(result).toMatchObject({ status: 'rolled_back', rollbackPerformed: true });
      expect(result.displaced.map((item) => item.path)).toEqual(['src/a.ts']);
      expect(fs.readFileSync(result.displaced[0]?.savedAt ?? '', 'utf8')).toBe('not what it was\n');
      await project.expectUntouched();
    }
  });

  test('scenarios 9, 13, 25: without git the rollback fails, names the path, and nothing new starts until it is put right', async () => {
    const project = await testProject({ git: false });
    const good = project.text('src/b.ts');
    const { service, taskId, result } = await whileChecking(project, failing, forget(project));
    expect(result).toMatchObject({ success: false, status: 'rollback_failed', rollbackPerformed: true });
    const { paths } = result.failure?.details as {
      paths: { path: string; savedAt: string; reason: string }[];
    };
    expect(paths.map((item) => item.path).sort()).toEqual(['src/a.ts', 'src/b.ts']);
    const lost = paths.find((item) => item.path === 'src/b.ts');
    expect(lost?.savedAt).toContain(taskId);
    for (const one of [service, project.service()])
      await expect(one.planImprovement(other)).rejects.toMatchObject({ code: 'ROLLBACK_FAILED' });
    fs.writeFileSync(lost?.savedAt ?? '', good, { mode: 0o644 });
    expect((await service.rollbackImprovement(taskId)).status).toBe('rollback_failed');
    expect(project.text('src/b.ts')).toBe(good);
    const second = paths.find((item) => item.path === 'src/a.ts');
    fs.writeFileSync(second?.savedAt ?? '', 'export const a = 1;\n', { mode: 0o644 });
    expect(await service.rollbackImprovement(taskId)).toMatchObject({ status: 'rolled_back' });
    await project.expectUntouched(['.moult']);
    expect(await project.service().planImprovement(request)).toMatch(/^si-\d+$/);
  });

  test('a person who puts the file right by hand is believed', async () => {
    const project = await testProject({ git: false });
    const { taskId, result } = await whileChecking(project, failing, forget(project));
    expect(result.status).toBe('rollback_failed');
    fs.writeFileSync(project.at('src/a.ts'), 'export const a = 1;\n', { mode: 0o644 });
    fs.writeFileSync(project.at('src/b.ts'), 'export const b = 2;\n', { mode: 0o644 });
    expect(await project.service().rollbackImprovement(taskId)).toMatchObject({ status: 'rolled_back' });
    await project.expectUntouched(['.moult']);
  });

  test('one that was damaged between plan and execute is taken anew', async () => {
    const project = await testProject({ git: false });
    const service = project.service({ config: { checks: failing } });
    await service.planImprovement(request);
    rot(project)();
    expect(await service.executeImprovement()).toMatchObject({ status: 'rolled_back' });
    await project.expectUntouched(['.moult']);
  });

  test('rotten bytes with the right length and times are never written back', async () => {
    const project = await testProject({ git: false });
    const { result } = await whileChecking(project, failing, rot(project));
    expect(result.status).toBe('rollback_failed');
    expect(fs.existsSync(project.at('src/a.ts')) && project.text('src/a.ts')).not.toMatch(/^x/);
  });
});

function canBeImmutable(): boolean {
  const file = path.join(fs.mkdtempSync('/tmp/moult-chattr-'), 'file');
  fs.writeFileSync(file, '');
  try {
    execFileSync('chattr', ['+i', file], { stdio: 'ignore' });
    execFileSync('chattr', ['-i', file], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    fs.rmSync(path.dirname(file), { recursive: true });
  }
}

describe.skipIf(!canBeImmutable())(
  'a path that the kernel refuses to change (skipped without chattr +i)',
  () => {
    test('scenario 13: a rollback that it stops says so, and succeeds once it is lifted', async () => {
      const project = await testProject();
      const file = project.at('src/a.ts');
      const { service, taskId, result } = await whileChecking(project, failing, () =>
        execFileSync('chattr', ['+i', file]),
      );
      try {
        expect(result).toMatchObject({ status: 'rollback_failed', rollbackPerformed: true });
        const { paths } = result.failure?.details as { paths: { path: string; savedAt: string }[] };
        expect(paths.map((item) => item.path)).toEqual(['src/a.ts']);
        expect(fs.readFileSync(paths[0]?.savedAt ?? '', 'utf8')).toBe('export const a = 1;\n');
        expect(result.error).toContain(paths[0]?.savedAt);
        await expectUntouchedButLinks(project, ['src/a.ts']);
        await expect(service.planImprovement(other)).rejects.toMatchObject({ code: 'ROLLBACK_FAILED' });
        await expect(service.cancelImprovement(taskId)).rejects.toMatchObject({ code: 'ROLLBACK_FAILED' });
        const [again] = await project.service().recover();
        expect(again?.result.status).toBe('rollback_failed');
      } finally {
        execFileSync('chattr', ['-i', file]);
      }
      expect(await service.rollbackImprovement(taskId)).toMatchObject({ status: 'rolled_back' });
      await project.expectUntouched();
    });

    test('a folder that the improvement made and that became immutable: the report names the file in it', async () => {
      const project = await testProject();
      const { service, taskId, result } = await whileChecking(project, failing, () =>
        execFileSync('chattr', ['+i', project.at('new')]),
      );
      try {
        expect(result.status).toBe('rollback_failed');
        const { paths } = result.failure?.details as { paths: { path: string }[] };
        expect(paths.map((item) => item.path)).toContain('new/c.ts');
      } finally {
        execFileSync('chattr', ['-i', project.at('new')]);
      }
      expect(await service.rollbackImprovement(taskId)).toMatchObject({ status: 'rolled_back' });
      await project.expectUntouched();
    });

    test('a folder that cannot be written while applying: nothing of the others stays', async () => {
      const project = await testProject();
      const folder = project.at('src');
      const service = project.service({
        onProgress: (event) => {
          if (event.type === 'state' && event.state === 'implementing.applying')
            execFileSync('chattr', ['+i', folder]);
          if (event.type === 'state' && event.state === 'rolling_back')
            execFileSync('chattr', ['-i', folder]);
        },
      });
      await service.planImprovement(request);
      const result = await service.executeImprovement();
      expect(result).toMatchObject({ success: false, status: 'rolled_back' });
      expect(result.failure).toMatchObject({ code: 'APPLY_FAILED', details: { path: 'src/a.ts' } });
      await project.expectUntouched();
    });
  },
);
