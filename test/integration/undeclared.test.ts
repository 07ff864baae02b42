import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImprovementRequest } from '../../src/improvement.js';
import { nodeFileSystem } from '../../src/ports/node-file-system.js';
import type { ServiceOptions } from '../../src/service/service-options.js';
import { Journal } from '../../src/store/journal.js';
import { Driver } from './support/driver.js';
import { hookedFileSystem, systemError } from './support/hooked-file-system.js';
import { testProject, type TestProject } from './support/project.js';

const request: ImprovementRequest = {
  description: 'One file',
  targetFiles: [],
  requiresRestart: false,
  changes: [{ file: 'src/a.ts', type: 'modify', content: 'export const a = "planned";\n' }],
};

/** One check that runs a script of the shell, and then passes or fails. */
const doing = (script: string, end: 'passes' | 'fails' = 'fails') => [
  {
    name: 'meddles',
    type: 'custom' as const,
    command: `${script}\n${end === 'passes' ? 'true' : 'false'}`,
    required: true,
    shell: true,
  },
];

async function improve(project: TestProject, config: ServiceOptions['config'], options: ServiceOptions = {}) {
  const service = project.service({ ...options, config });
  const taskId = await service.planImprovement(request);
  const result = await service.executeImprovement(taskId);
  return { service, taskId, result };
}

const everything = `
  echo formatted > unstaged.ts
  echo more >> untracked.txt
  rm staged.ts
  mkdir -p made/by/check && echo junk > made/by/check/file.txt
  ln -s src linked
  chmod +x crlf.txt
`;

describe('scenarios 42, 45, 93: what a check changes outside the plan', () => {
  test('is put back when the improvement is rolled back, and what stood there is kept aside', async () => {
    const project = await testProject();
    const { result } = await improve(project, { checks: doing(everything) });
    expect(result.status).toBe('rolled_back');
    expect(result.undeclared).toEqual([
      { path: 'crlf.txt', kind: 'modified', restored: true },
      { path: 'linked', kind: 'created', restored: true },
      { path: 'made/by/check/file.txt', kind: 'created', restored: true },
      { path: 'staged.ts', kind: 'deleted', restored: true },
      { path: 'unstaged.ts', kind: 'modified', restored: true },
      { path: 'untracked.txt', kind: 'modified', restored: true },
    ]);
    const displaced = new Map(result.displaced.map(({ path: file, savedAt }) => [file, savedAt]));
    expect([...displaced.keys()].sort()).toEqual([
      'crlf.txt',
      'linked',
      'made/by/check/file.txt',
      'unstaged.ts',
      'untracked.txt',
    ]);
    expect(fs.readFileSync(displaced.get('unstaged.ts') ?? '', 'utf8')).toBe('formatted\n');
    expect(fs.readFileSync(displaced.get('made/by/check/file.txt') ?? '', 'utf8')).toBe('junk\n');
    await project.expectUntouched();
  });

  test('is reported and stays when the improvement is kept, and a later rollback leaves it', async () => {
    const project = await testProject();
    const { service, taskId, result } = await improve(project, { checks: doing(everything, 'passes') });
    expect(result).toMatchObject({ status: 'completed', displaced: [] });
    expect(result.undeclared).toHaveLength(6);
    expect(result.undeclared).toContainEqual({ path: 'unstaged.ts', kind: 'modified', restored: false });
    const back = await service.rollbackImprovement(taskId);
    expect(back).toMatchObject({ status: 'rolled_back', displaced: [] });
    expect(back.undeclared).toEqual(result.undeclared);
    expect(project.text('unstaged.ts')).toBe('formatted\n');
    expect(project.text('made/by/check/file.txt')).toBe('junk\n');
  });

  test('is only reported with `undeclared: "report"`', async () => {
    const project = await testProject();
    const { result } = await improve(project, { checks: doing(everything), undeclared: 'report' });
    expect(result).toMatchObject({ status: 'rolled_back', displaced: [] });
    expect(result.undeclared.map(({ restored }) => restored)).toEqual(Array(6).fill(false));
    expect(project.text('unstaged.ts')).toBe('formatted\n');
    expect(fs.existsSync(project.at('staged.ts'))).toBe(false);
  });

  test('makes the improvement fail with `undeclared: "refuse"`, and is put back', async () => {
    const project = await testProject();
    const { result } = await improve(project, { checks: doing(everything, 'passes'), undeclared: 'refuse' });
    expect(result).toMatchObject({ success: false, status: 'rolled_back' });
    expect(result.failure).toMatchObject({
      code: 'UNDECLARED_CHANGES',
      details: { paths: expect.arrayContaining(['staged.ts']) as unknown },
    });
    expect(result.undeclared).toHaveLength(6);
    await project.expectUntouched();
  });

  test('"refuse" does not mind checks that change nothing', async () => {
    const project = await testProject();
    const { result } = await improve(project, { checks: doing('true', 'passes'), undeclared: 'refuse' });
    expect(result).toMatchObject({ status: 'completed', undeclared: [] });
  });

  test('"refuse" refuses a project outside git before anything is touched', async () => {
    const project = await testProject({ git: false });
    const { result } = await improve(project, { checks: doing('touch ran', 'passes'), undeclared: 'refuse' });
    expect(result).toMatchObject({ success: false, failure: { code: 'WITNESS_MISSING' }, checks: [] });
    expect(fs.existsSync(project.at('ran'))).toBe(false);
    await project.expectUntouched(['.moult']);
  });

  test('is not looked for outside git', async () => {
    const project = await testProject({ git: false });
    const { result } = await improve(project, { checks: doing('echo junk > junk.txt') });
    expect(result).toMatchObject({ status: 'rolled_back', undeclared: [] });
    expect(project.text('junk.txt')).toBe('junk\n');
  });

  test('is its own business where git ignores it; what was built below `artifacts` goes back and is not reported', async () => {
    const project = await testProject();
    const script =
      'mkdir -p coverage/html && echo x > coverage/html/index.html; echo y > a.snap; echo z >> ignored.log';
    const { result } = await improve(project, { checks: doing(script), artifacts: ['coverage', '*.snap'] });
    expect(result).toMatchObject({ status: 'rolled_back', undeclared: [], displaced: [] });
    expect(fs.existsSync(project.at('coverage'))).toBe(false);
    expect(fs.existsSync(project.at('a.snap'))).toBe(false);
    expect(project.text('ignored.log')).toMatch(/z\n$/);
  });
});

describe('a check that changes the shape of the tree', () => {
  test.each([
    ['a folder becomes a link', 'cp -r src elsewhere && rm -r src && ln -s elsewhere src'],
    ['a file becomes a folder', 'rm unstaged.ts && mkdir unstaged.ts && echo x > unstaged.ts/x'],
    ['a folder becomes a file', 'rm -r "untracked folder" && echo x > "untracked folder"'],
    ['a file becomes a pipe', 'rm unstaged.ts && mkfifo unstaged.ts'],
    ['a link becomes a file', 'rm link-to-a.ts && echo x > link-to-a.ts'],
    ['everything is gone', 'rm -rf ./*'],
    [
      'odd names',
      'echo x > "with space.txt"; echo y > "grüße-日本.txt"; rm "new\nline.txt"; echo z > "-n *?[x]"',
    ],
  ])('%s', async (_, script) => {
    const project = await testProject();
    const { result } = await improve(project, { checks: doing(script) });
    expect(result).toMatchObject({ status: 'rolled_back', rollbackPerformed: true });
    expect(result.undeclared.length).toBeGreaterThan(0);
    expect(result.undeclared.filter(({ restored }) => !restored)).toEqual([]);
    // Neither ignored files nor empty folders are witnessed, and of rights only whether a tracked file is executable.
    await project.expectUntouched([
      'ignored.log',
      'build',
      'empty folder',
      ...(script.includes('rm -rf') ? ['read-only.txt'] : []),
    ]);
  });
});

describe('what cannot be told from a check', () => {
  test('an edit before the checks began, and one after they ended, stay where they are', async () => {
    const project = await testProject();
    const edit = (file: string) => fs.writeFileSync(project.at(file), 'mine\n');
    const { result } = await improve(
      project,
      { checks: doing('true') },
      {
        onProgress: (event) => {
          if (event.type === 'applied') edit('unstaged.ts');
          if (event.type === 'state' && event.state === 'rolling_back') edit('untracked.txt');
        },
      },
    );
    expect(result).toMatchObject({ status: 'rolled_back', undeclared: [], displaced: [] });
    expect(project.text('unstaged.ts')).toBe('mine\n');
    expect(project.text('untracked.txt')).toBe('mine\n');
    await project.expectUntouched(['unstaged.ts', 'untracked.txt']);
  });

  test('nothing is put back when HEAD moved while the checks ran', async () => {
    const project = await testProject();
    const { result } = await improve(project, {
      checks: doing(
        'echo committed > unstaged.ts; git -c user.name=x -c user.email=x@localhost commit -qam theirs',
      ),
    });
    expect(result.status).toBe('rolled_back');
    expect(result.undeclared.length).toBeGreaterThan(0);
    for (const change of result.undeclared)
      expect(change).toMatchObject({ restored: false, reason: expect.stringContaining('HEAD') as unknown });
    expect(project.text('unstaged.ts')).toBe('committed\n');
  });

  test('scenarios 3, 62: a file that a check makes git see is left where it is', async () => {
    const project = await testProject();
    const { result } = await improve(project, { checks: doing('rm .gitignore; echo changed > ignored.log') });
    expect(result.status).toBe('rolled_back');
    expect(result.undeclared).toContainEqual({ path: '.gitignore', kind: 'deleted', restored: true });
    expect(result.undeclared).toContainEqual({
      path: 'ignored.log',
      kind: 'created',
      restored: false,
      reason: expect.stringContaining('.gitignore') as unknown,
    });
    expect(project.text('ignored.log')).toBe('changed\n');
    await project.expectUntouched(['ignored.log']);
  });
});

describe('when the witness cannot be had', () => {
  test('the checks do not begin', async () => {
    const project = await testProject();
    let state = '';
    const { result } = await improve(
      project,
      { checks: doing('touch ran', 'passes') },
      {
        onProgress: (event) => void (event.type === 'state' && (state = event.state)),
        fileSystem: hookedFileSystem((call, args) => {
          if (state === 'testing.running_checks' && call === 'mkdir' && String(args[0]).includes('incoming'))
            throw systemError('EIO');
        }),
      },
    );
    expect(result).toMatchObject({ status: 'rolled_back' });
    expect(fs.existsSync(project.at('ran'))).toBe(false);
    await project.expectUntouched();
  });

  test('a rollback puts the planned paths back all the same, and says so', async () => {
    const project = await testProject();
    let hasChecked = false;
    const { result } = await improve(
      project,
      { checks: doing('echo x > unstaged.ts') },
      {
        onProgress: ({ type }) => void (type === 'check-finished' && (hasChecked = true)),
        fileSystem: hookedFileSystem((call, args) => {
          if (hasChecked && call === 'writeFile' && path.basename(String(args[0])).startsWith('index-'))
            throw systemError('ENOSPC');
        }),
      },
    );
    expect(result).toMatchObject({ status: 'rolled_back', rollbackPerformed: true, undeclared: [] });
    expect(result.undeclaredUnknown).toContain('ENOSPC');
    await project.expectUntouched(['unstaged.ts']);
  });
});

describe('after kill -9', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.make();
  });
  afterAll(() => driver.remove());

  const recovered = async (project: TestProject, config: Record<string, unknown>) => {
    const service = project.service({ config });
    const [answer] = await service.recover();
    return answer?.result ?? (await service.describeImprovement()).result;
  };

  test('while the checks run: recovery finds what they changed, and puts it back', async () => {
    const project = await testProject();
    const config = { checks: doing(`${everything}\nkill -9 $PPID; sleep 60`) };
    const { signal } = await driver.run({ root: project.root, config, do: 'run', request });
    expect(signal).toBe('SIGKILL');
    expect(project.text('unstaged.ts')).toBe('formatted\n');
    const result = await recovered(project, config);
    expect(result).toMatchObject({ status: 'rolled_back' });
    expect(result?.undeclared.map(({ restored }) => restored)).toEqual(Array(6).fill(true));
    await project.expectUntouched();
  });

  test('while it resumes: what the first run of the checks changed is found as well', async () => {
    const project = await testProject();
    const script = '[ -e once ] && exit 1; echo formatted > unstaged.ts; touch once; kill -9 $PPID; sleep 60';
    const config = { checks: doing(script), onInterrupted: 'resume' as const };
    await driver.run({ root: project.root, config, do: 'run', request });
    const result = await recovered(project, config);
    expect(result).toMatchObject({ status: 'rolled_back' });
    expect(result?.undeclared).toEqual([
      { path: 'once', kind: 'created', restored: true },
      { path: 'unstaged.ts', kind: 'modified', restored: true },
    ]);
    await project.expectUntouched();
  });

  test.each([
    ['untracked.txt', { kind: 'absent' }],
    ['src/a.ts', { kind: 'absent' }],
    ['../outside.txt', { kind: 'absent' }],
    ['unstaged.ts', { kind: 'absent' }],
  ] as const)(
    'scenarios 2, 10: a journal that takes away more than was found is refused (%s)',
    async (file, before) => {
      const project = await testProject();
      const config = { checks: doing('echo formatted > unstaged.ts') };
      await driver.run({ root: project.root, config, do: 'run', request, killIn: 'rolling_back' });
      const tasks = path.join(project.stateDirectory, 'tasks');
      const journalFile = path.join(tasks, fs.readdirSync(tasks)[0] ?? '', 'journal.log');
      const journal = await Journal.open({ fileSystem: nodeFileSystem, file: journalFile, now: () => 0 });
      const fence = { token: 1, assertHeld: () => Promise.resolve() };
      await journal.append(
        [{ type: 'undeclared-intent', position: 0, path: file, anchor: '', before }],
        fence,
      );
      await expect(project.service({ config }).recover()).rejects.toMatchObject({ code: 'STATE_UNREADABLE' });
      expect(project.text('unstaged.ts')).toBe('formatted\n');
      expect(fs.existsSync(project.at('untracked.txt'))).toBe(true);
    },
  );

  test('at any call of a rollback', async () => {
    const config = { checks: doing(everything) };
    const whole = await testProject();
    const { calls } = await driver.run({ root: whole.root, config, do: 'run', request });
    const total = calls?.rolling_back ?? 0;
    expect(total).toBeGreaterThan(100);
    const points = 10;
    for (let point = 0; point < points; point += 1) {
      const project = await testProject();
      const killAfterCalls = Math.floor((total * point) / points);
      const killing = { killIn: 'rolling_back', killAfterCalls };
      const { signal } = await driver.run({ root: project.root, config, do: 'run', request, ...killing });
      expect(signal).toBe('SIGKILL');
      const result = await recovered(project, config);
      expect(result, `killed after ${killAfterCalls} calls`).toMatchObject({ status: 'rolled_back' });
      expect(result?.undeclared.map(({ restored }) => restored)).toEqual(Array(6).fill(true));
      const formatted = result?.displaced.find((item) => item.path === 'unstaged.ts')?.savedAt ?? '';
      expect(fs.readFileSync(formatted, 'utf8')).toBe('formatted\n');
      await project.expectUntouched();
    }
  });
});
