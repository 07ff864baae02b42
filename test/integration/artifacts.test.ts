import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ImprovementRequest } from '../../src/improvement.js';
import type { ServiceOptions } from '../../src/service/service-options.js';
import { tempRepository } from '../../src/testing/temp-repository.js';
import { Driver } from './support/driver.js';
import { hookedFileSystem, systemError } from './support/hooked-file-system.js';
import { passing, toTestProject, type TestProject } from './support/project.js';

const request: ImprovementRequest = {
  description: 'One file',
  targetFiles: [],
  requiresRestart: true,
  changes: [{ file: 'src/a.ts', type: 'modify', content: 'export const a = "planned";\n' }],
};
const artifacts = ['dist', 'packages/*/dist', '**/*.tsbuildinfo'];
const script = (text: string, end: boolean) => [
  { name: 'builds', type: 'custom' as const, command: `${text}\n${end}`, required: true, shell: true },
];

/** In place, as compilers write: a hard link would keep nothing. */
const rebuild = `
  echo new > dist/app.js
  echo new > dist/new.js
  rm dist/old.js dist/link
  chmod 700 dist/deep
  echo more >> dist/deep/data.bin
  rm -r packages/one
  mkdir -p packages/two/dist && echo new > packages/two/dist/index.js
  echo new > src/app.tsbuildinfo
  rm first.tsbuildinfo && mkdir first.tsbuildinfo
`;

async function builtProject(): Promise<TestProject> {
  const repository = await tempRepository({ git: false });
  onTestFinished(() => repository.remove());
  const at = (file: string) => path.join(repository.root, file);
  for (const folder of ['dist/deep', 'packages/one/dist', 'packages/two'])
    fs.mkdirSync(at(folder), { recursive: true });
  fs.writeFileSync(at('dist/app.js'), 'old\n', { mode: 0o755 });
  fs.writeFileSync(at('dist/old.js'), 'old\n');
  fs.writeFileSync(at('dist/deep/data.bin'), Buffer.from([0, 255, 13, 10]));
  fs.symlinkSync('app.js', at('dist/link'));
  fs.chmodSync(at('dist/deep'), 0o750);
  fs.writeFileSync(at('packages/one/dist/index.js'), 'old\n');
  fs.writeFileSync(at('first.tsbuildinfo'), '{}');
  return toTestProject(repository, false);
}

async function improve(project: TestProject, config: ServiceOptions['config'], options: ServiceOptions = {}) {
  const restart = { scheduleRestart: () => undefined };
  const service = project.service({ restart, ...options, config: { artifacts, ...config } });
  const taskId = await service.planImprovement(request);
  const result = await service.executeImprovement(taskId);
  return { service, taskId, result };
}

const ours = ['.moult'];
const keptFolder = (project: TestProject, taskId: string) =>
  path.join(project.stateDirectory, 'tasks', taskId, 'artifacts');

describe('what was built', () => {
  test('goes back as a whole when a check that rebuilt it fails', async () => {
    const project = await builtProject();
    const { result, taskId } = await improve(project, { checks: script(rebuild, false) });
    expect(result, result.error).toMatchObject({ status: 'rolled_back', rollbackPerformed: true });
    await project.expectUntouched(ours);
    expect(fs.existsSync(keptFolder(project, taskId))).toBe(false);
    expect(fs.readdirSync(path.join(project.stateDirectory, 'tasks', taskId, 'taken'))).toEqual([]);
  });

  test('stays the very same where nothing wrote it', async () => {
    const project = await builtProject();
    const { ino } = fs.statSync(project.at('dist'));
    await improve(project, { checks: script('true', false) });
    expect(fs.statSync(project.at('dist')).ino).toBe(ino);
    await project.expectUntouched(ours);
  });

  test('goes back while a restart is not confirmed, and is let go of once it is', async () => {
    const project = await builtProject();
    const config = { checks: script(rebuild, true), restart: { requireConfirmation: true } };
    const { service, result, taskId } = await improve(project, config);
    expect(result.status, result.error).toBe('awaiting_confirmation');
    expect(project.text('dist/app.js')).toBe('new\n');
    expect((await service.rollbackImprovement(taskId)).status).toBe('rolled_back');
    await project.expectUntouched(ours);

    const second = await service.planImprovement(request);
    await service.executeImprovement(second);
    await service.confirmImprovement(second, { by: 'Ada' });
    expect(fs.existsSync(keptFolder(project, second))).toBe(false);
    expect((await service.rollbackImprovement(second)).status).toBe('rolled_back');
    expect(project.text('dist/app.js')).toBe('new\n');
    expect(fs.existsSync(project.at('packages/two/dist'))).toBe(true);
  });

  test('goes back around a planned file that lies in it', async () => {
    const project = await builtProject();
    const changes: ImprovementRequest['changes'] = [
      { file: 'dist/app.js', type: 'modify', content: 'planned\n' },
      { file: 'dist/made/by/plan.js', type: 'create', content: 'planned\n' },
    ];
    const service = project.service({
      config: { artifacts, checks: script(`${rebuild} echo new > dist/made/by/check.js`, false) },
    });
    await service.planImprovement({ ...request, changes });
    expect(await service.executeImprovement()).toMatchObject({ status: 'rolled_back' });
    await project.expectUntouched(ours);
  });

  test('P4: goes back on a disk on which nothing can be written any more', async () => {
    const project = await builtProject();
    let isFull = false;
    const fileSystem = hookedFileSystem((call, args) => {
      const writes = ['writeFile', 'copyFile', 'mkdir', 'symlink'].includes(call);
      const opens = call === 'open' && (args[1] === 'wx' || args[1] === 'r+');
      const isLink = call === 'link' && !String(args[1]).includes('/lock/');
      if (isFull && (writes || opens || isLink)) throw systemError('ENOSPC');
    });
    const keepsFolders = rebuild.replace('rm -r packages/one\n', 'rm packages/one/dist/index.js\n');
    const { result } = await improve(
      project,
      { checks: script(keepsFolders, false) },
      { fileSystem, onProgress: ({ type }) => void (isFull ||= type === 'check-started') },
    );
    isFull = false;
    expect(result, result.error).toMatchObject({ status: 'rolled_back', rollbackPerformed: true });
    await project.service({ config: {} }).recover();
    await project.expectUntouched(ours);
  });

  test('a disk that fills up while it is kept leaves everything as it was', async () => {
    const project = await builtProject();
    const fileSystem = hookedFileSystem((call, [, to]) => {
      if (call === 'copyFile' && /artifacts\/\d\/deep/.test(String(to))) throw systemError('ENOSPC');
    });
    const { result, taskId } = await improve(project, { checks: passing }, { fileSystem });
    expect(result).toMatchObject({ status: 'rolled_back', rollbackPerformed: false });
    expect(result.error).toContain('ENOSPC');
    expect(fs.existsSync(keptFolder(project, taskId))).toBe(false);
    await project.expectUntouched(ours);
  });

  test('of more bytes than may be kept is refused by name, when it is planned and when it has grown since', async () => {
    const project = await builtProject();
    const service = project.service({
      config: { artifacts, limits: { artifactBytes: 100 }, checks: passing },
    });
    const taskId = await service.planImprovement(request);
    fs.writeFileSync(project.at('dist/large.js'), 'x'.repeat(100));
    const result = await service.executeImprovement(taskId);
    expect(result).toMatchObject({ status: 'rolled_back', rollbackPerformed: false });
    expect(result.failure).toMatchObject({ code: 'ARTIFACTS_TOO_LARGE' });
    await expect(service.planImprovement(request)).rejects.toMatchObject({
      code: 'ARTIFACTS_TOO_LARGE',
      details: { allowedBytes: 100, paths: expect.arrayContaining(['dist']) as string[] },
    });
    await project.expectUntouched([...ours, 'dist/large.js']);
  });
});

describe('killed', () => {
  let driver: Driver;
  beforeAll(async () => (driver = await Driver.make()));
  afterAll(() => driver.remove());

  // What is killed while it goes back has begun to move folders about.
  test.each(['implementing.checkpointing', 'rolling_back'])(
    'anywhere in %s, it is as it was after the next start',
    async (killIn) => {
      const config = { artifacts, checks: script(rebuild, false) };
      const whole = await driver.run({ root: (await builtProject()).root, config, do: 'run', request });
      const total = whole.calls?.[killIn] ?? 0;
      const points = 3;
      for (let point = 0; point < points; point += 1) {
        const project = await builtProject();
        const killAfterCalls = Math.floor(((point + 0.5) * total) / points);
        const job = { root: project.root, config, request, killIn, killAfterCalls };
        expect((await driver.run({ ...job, do: 'run' })).signal).toBe('SIGKILL');
        await project.service({ config }).recover();
        await project.expectUntouched(ours);
      }
    },
    120_000,
  );
});
