import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ImprovementRequest, PlannedChange } from '../../src/improvement.js';
import { failing, passing, testProject, type TestProject } from './support/project.js';

const asking = (...changes: PlannedChange[]): ImprovementRequest => ({
  description: 'One kind of file',
  targetFiles: [],
  requiresRestart: false,
  changes,
});

interface Kind {
  name: string;
  prepare?: (project: TestProject) => void;
  changes: PlannedChange[];
  check: (project: TestProject) => void;
}

const put =
  (file: string, content: string | Buffer, mode = 0o644) =>
  (project: TestProject) => {
    fs.mkdirSync(path.dirname(project.at(file)), { recursive: true });
    fs.writeFileSync(project.at(file), content);
    fs.chmodSync(project.at(file), mode);
  };
const holds = (file: string, content: string | Buffer, mode: number) => (project: TestProject) => {
  expect(fs.readFileSync(project.at(file)).equals(Buffer.from(content))).toBe(true);
  const stats = fs.lstatSync(project.at(file));
  expect(stats.mode & 0o7777).toBe(mode);
  expect(stats.nlink).toBe(1);
};
const isGone = (file: string) => (project: TestProject) =>
  expect(fs.lstatSync(project.at(file), { throwIfNoEntry: false })).toBeUndefined();
const pointsTo = (file: string, target: string) => (project: TestProject) =>
  expect(fs.readlinkSync(project.at(file))).toBe(target);

const everyByte = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7) % 256));
const modify = (file: string, content: string, rest: Partial<PlannedChange> = {}): PlannedChange => ({
  file,
  type: 'modify',
  content,
  ...rest,
});

const odd = [
  ' leading blank',
  '-rf',
  '--',
  'a"b',
  "it's",
  '*?[x]',
  '$HOME',
  'tab\there',
  'line\nend',
  '日本語',
  'e\u0301',
  '😀.ts',
  '#',
  '%41',
  '~',
  '{a,b}',
  '.hidden',
];

const kinds: Kind[] = [
  {
    name: 'scenario 76: binary, to binary',
    changes: [{ file: 'image.bin', type: 'modify', contentBase64: everyByte.toString('base64') }],
    check: holds('image.bin', everyByte, 0o644),
  },
  { name: 'empty, to something', changes: [modify('empty.txt', 'x')], check: holds('empty.txt', 'x', 0o644) },
  { name: 'something, to empty', changes: [modify('src/a.ts', '')], check: holds('src/a.ts', '', 0o644) },
  { name: 'empty, deleted', changes: [{ file: 'empty.txt', type: 'delete' }], check: isGone('empty.txt') },
  { name: 'scenario 69: 0755', changes: [modify('script.sh', 'x')], check: holds('script.sh', 'x', 0o755) },
  {
    name: 'scenarios 36, 70: 0600',
    prepare: put('secret', 's', 0o600),
    changes: [modify('secret', 'x')],
    check: holds('secret', 'x', 0o600),
  },
  { name: '0444', changes: [modify('read-only.txt', 'x')], check: holds('read-only.txt', 'x', 0o444) },
  {
    name: '0000 and setuid',
    prepare: (project) => {
      put('nothing', 's', 0o000)(project);
      put('setuid', 's', 0o4755)(project);
    },
    changes: [modify('nothing', 'x'), modify('setuid', 'x')],
    check: (project) => {
      holds('nothing', 'x', 0o000)(project);
      holds('setuid', 'x', 0o4755)(project);
    },
  },
  {
    name: 'scenarios 37, 79: CRLF stays under an edit and `* text=auto`',
    prepare: put('.gitattributes', '* text=auto eol=lf\n'),
    changes: [{ file: 'crlf.txt', type: 'modify', edits: [{ oldText: 'first', newText: 'FIRST' }] }],
    check: holds('crlf.txt', 'FIRST\r\nsecond\r\nno end', 0o644),
  },
  {
    name: 'scenario 80: a file with clean and smudge filters, byte for byte',
    prepare: (project) => {
      put('.gitattributes', '*.big filter=upper\n')(project);
      execFileSync('git', ['config', 'filter.upper.clean', 'tr a-z A-Z; touch filter-ran'], {
        cwd: project.root,
      });
      execFileSync('git', ['config', 'filter.upper.smudge', 'tr A-Z a-z; touch filter-ran'], {
        cwd: project.root,
      });
      put('x.big', 'Mixed Case\n')(project);
    },
    changes: [modify('x.big', 'Other Case\n')],
    check: (project) => {
      holds('x.big', 'Other Case\n', 0o644)(project);
      isGone('filter-ran')(project);
    },
  },
  {
    name: 'a byte order mark stays under an edit',
    changes: [{ file: 'bom.txt', type: 'modify', edits: [{ oldText: 'with', newText: 'WITH' }] }],
    check: holds('bom.txt', '\uFEFFWITH a byte order mark\n', 0o644),
  },
  {
    name: 'scenario 85: odd names, created',
    changes: odd.map((name) => ({ file: `odd/${name}`, type: 'create', content: name })),
    check: (project) => odd.forEach((name) => holds(`odd/${name}`, name, 0o644)(project)),
  },
  {
    name: 'scenario 85: odd names, modified and deleted',
    prepare: (project) => odd.forEach((name) => put(`odd/${name}`, 'before')(project)),
    changes: odd.map((name, index) =>
      index % 2 ? { file: `odd/${name}`, type: 'delete' } : modify(`odd/${name}`, 'after'),
    ),
    check: (project) =>
      odd.forEach((name, index) =>
        (index % 2 ? isGone(`odd/${name}`) : holds(`odd/${name}`, 'after', 0o644))(project),
      ),
  },
  {
    name: 'scenarios 3, 59-62: git-ignored files and .gitignore itself',
    prepare: put('.env', 'SECRET=1\n', 0o600),
    changes: [
      modify('.gitignore', 'nothing\n'),
      modify('.env', 'SECRET=2\n'),
      { file: 'build/output.js', type: 'delete' },
      { file: 'build/new/other.js', type: 'create', content: 'x' },
    ],
    check: holds('.env', 'SECRET=2\n', 0o600),
  },
  {
    name: 'scenarios 55, 56: files in new, nested folders',
    changes: [
      { file: 'one/two/three/a', type: 'create', content: 'a' },
      { file: 'one/two/b', type: 'create', content: 'b' },
      { file: 'one/other/c', type: 'create', content: 'c' },
    ],
    check: holds('one/two/three/a', 'a', 0o644),
  },
  {
    name: 'a folder that becomes empty stays',
    changes: [{ file: 'untracked folder/notes.txt', type: 'delete' }],
    check: (project) => expect(fs.readdirSync(project.at('untracked folder'))).toEqual([]),
  },
  {
    name: 'a link, deleted',
    changes: [{ file: 'link-to-a.ts', type: 'delete' }],
    check: isGone('link-to-a.ts'),
  },
  {
    name: 'a broken link, deleted',
    prepare: (project) => fs.symlinkSync('nowhere', project.at('broken')),
    changes: [{ file: 'broken', type: 'delete' }],
    check: isGone('broken'),
  },
  {
    name: 'a link, created in a new folder',
    changes: [{ file: 'links/one', type: 'create', symlink: '../src/a.ts' }],
    check: pointsTo('links/one', '../src/a.ts'),
  },
  {
    name: 'scenario 71: a link, to another target',
    changes: [{ file: 'link-to-a.ts', type: 'modify', symlink: 'src/b.ts' }],
    check: pointsTo('link-to-a.ts', 'src/b.ts'),
  },
  {
    name: 'scenario 71: a link to a file, replaced by a file; what it pointed to stays',
    changes: [modify('link-to-a.ts', 'a file now\n', { mode: '0640' })],
    check: (project) => {
      holds('link-to-a.ts', 'a file now\n', 0o640)(project);
      holds('src/a.ts', 'export const a = 1;\n', 0o644)(project);
    },
  },
  {
    name: 'a file, replaced by a link',
    changes: [{ file: 'script.sh', type: 'modify', symlink: 'src/a.ts' }],
    check: pointsTo('script.sh', 'src/a.ts'),
  },
  {
    name: 'only the mode',
    changes: [{ file: 'src/a.ts', type: 'modify', mode: '0755' }],
    check: holds('src/a.ts', 'export const a = 1;\n', 0o755),
  },
  {
    name: 'one of several changes that changes nothing: the file has one name afterwards',
    changes: [modify('src/b.ts', 'export const b = 2;\n'), modify('src/a.ts', 'x')],
    check: holds('src/b.ts', 'export const b = 2;\n', 0o644),
  },
  {
    name: 'scenario 77: an untracked file of 3 MB',
    prepare: put('large', Buffer.alloc(3_000_000, 'x')),
    changes: [modify('large', 'small now')],
    check: holds('large', 'small now', 0o644),
  },
  {
    name: 'scenarios 81, 82: a file in a nested repository with a commit of its own',
    prepare: (project) => {
      put('nested/file', 'before')(project);
      execFileSync('git', ['init', '--quiet'], { cwd: project.at('nested') });
      execFileSync('git', ['add', '.'], { cwd: project.at('nested') });
      const identity = ['-c', 'user.name=a', '-c', 'user.email=b@c'];
      execFileSync('git', [...identity, 'commit', '--quiet', '-m', 'x'], { cwd: project.at('nested') });
    },
    changes: [modify('nested/file', 'after')],
    check: holds('nested/file', 'after', 0o644),
  },
  {
    name: 'scenarios 9, 16, 83: a file in a nested repository without a commit',
    prepare: (project) => {
      put('nested/file', 'before')(project);
      execFileSync('git', ['init', '--quiet'], { cwd: project.at('nested') });
    },
    changes: [modify('nested/file', 'after')],
    check: holds('nested/file', 'after', 0o644),
  },
  {
    name: 'scenarios 86, 87: assume-unchanged and skip-worktree',
    prepare: (project) => {
      for (const [flag, file] of [
        ['--assume-unchanged', 'src/a.ts'],
        ['--skip-worktree', 'src/b.ts'],
      ] as const) {
        execFileSync('git', ['update-index', flag, file], { cwd: project.root });
        fs.writeFileSync(project.at(file), `local edit of ${file}\n`);
      }
    },
    changes: [modify('src/a.ts', 'x'), modify('src/b.ts', 'x')],
    check: holds('src/a.ts', 'x', 0o644),
  },
];

const isRoot = process.getuid?.() === 0;

// Only root can read a file of mode 0000.
describe.each(kinds.filter(({ name }) => isRoot || !name.startsWith('0000')))(
  '$name',
  ({ prepare, changes, check }) => {
    test('success, undone; and a failed check', async () => {
      const project = await testProject();
      prepare?.(project);
      const { toTestProject } = await import('./support/project.js');
      const prepared = await toTestProject(project);
      const service = prepared.service();
      const taskId = await service.planImprovement(asking(...changes));
      expect(await service.executeImprovement()).toMatchObject({ success: true });
      check(prepared);
      expect(await service.rollbackImprovement(taskId)).toMatchObject({ status: 'rolled_back' });
      await prepared.expectUntouched();
      const failed = prepared.service({ config: { checks: failing } });
      await failed.planImprovement(asking(...changes));
      expect(await failed.executeImprovement()).toMatchObject({ status: 'rolled_back', displaced: [] });
      await prepared.expectUntouched();
    });
  },
);

describe('scenario 35: a file with two names', () => {
  async function twoNames(): Promise<TestProject> {
    const project = await testProject();
    fs.linkSync(project.at('src/a.ts'), project.at('second-name.ts'));
    return project;
  }

  test('the other name is never written through', async () => {
    const project = await twoNames();
    const service = project.service();
    await service.planImprovement(asking(modify('src/a.ts', 'x')));
    expect(await service.executeImprovement()).toMatchObject({ success: true });
    expect(project.text('src/a.ts')).toBe('x');
    expect(project.text('second-name.ts')).toBe('export const a = 1;\n');
    expect(fs.statSync(project.at('second-name.ts')).nlink).toBe(1);
  });

  test('after a failed check both names are one file again', async () => {
    const project = await twoNames();
    const service = project.service({ config: { checks: failing } });
    await service.planImprovement(asking(modify('src/a.ts', 'x')));
    expect(await service.executeImprovement()).toMatchObject({ status: 'rolled_back' });
    expect(project.text('src/a.ts')).toBe('export const a = 1;\n');
    expect(fs.statSync(project.at('src/a.ts')).ino).toBe(fs.statSync(project.at('second-name.ts')).ino);
    expect(fs.statSync(project.at('src/a.ts')).nlink).toBe(2);
  });

  test('a write through the other name meanwhile survives under it', async () => {
    for (const checks of [passing, failing]) {
      const project = await twoNames();
      const service = project.service({
        // By default a rollback moves it aside: who wrote it while checks ran cannot be known.
        config: { checks, undeclared: 'report' },
        onProgress: ({ type }) => {
          if (type === 'check-started') fs.writeFileSync(project.at('second-name.ts'), 'mine\n');
        },
      });
      await service.planImprovement(asking(modify('src/a.ts', 'x')));
      await service.executeImprovement();
      expect(project.text('second-name.ts')).toBe('mine\n');
    }
  });
});

describe('owners and folders', () => {
  test.skipIf(process.getuid?.() !== 0)('owner and group stay (skipped unless root)', async () => {
    const project = await testProject();
    fs.chownSync(project.at('script.sh'), 12345, 54321);
    const owners = () => {
      const { uid, gid, mode } = fs.statSync(project.at('script.sh'));
      return [uid, gid, mode & 0o7777];
    };
    const service = project.service();
    const taskId = await service.planImprovement(asking(modify('script.sh', 'x')));
    await service.executeImprovement();
    expect(owners()).toEqual([12345, 54321, 0o755]);
    await service.rollbackImprovement(taskId);
    expect(owners()).toEqual([12345, 54321, 0o755]);
  });

  test.skipIf(process.getuid?.() !== 0)(
    'a set-group-id folder gives its group to new files and folders (skipped unless root)',
    async () => {
      const project = await testProject();
      fs.mkdirSync(project.at('shared'));
      fs.chownSync(project.at('shared'), 0, 54321);
      fs.chmodSync(project.at('shared'), 0o2775);
      const { toTestProject } = await import('./support/project.js');
      const prepared = await toTestProject(project);
      const service = prepared.service();
      const taskId = await service.planImprovement(
        asking(
          { file: 'shared/a', type: 'create', content: 'a' },
          { file: 'shared/new/deep/b', type: 'create', content: 'b' },
        ),
      );
      expect(await service.executeImprovement()).toMatchObject({ success: true });
      for (const file of ['shared/a', 'shared/new', 'shared/new/deep', 'shared/new/deep/b'])
        expect(fs.statSync(project.at(file)).gid, file).toBe(54321);
      for (const folder of ['shared/new', 'shared/new/deep'])
        expect(fs.statSync(project.at(folder)).mode & 0o2000, folder).toBe(0o2000);
      await service.rollbackImprovement(taskId);
      await prepared.expectUntouched();
    },
  );

  test('scenarios 36, 89, 90: no file outside the plan gets another time of change, also not by a rollback', async () => {
    const project = await testProject();
    const times = () =>
      ['src/b.ts', 'staged.ts', 'untracked.txt', 'ignored.log', 'image.bin'].map(
        (file) => fs.statSync(project.at(file), { bigint: true }).mtimeNs,
      );
    const before = times();
    const own = fs.statSync(project.at('src/a.ts'), { bigint: true }).mtimeNs;
    const service = project.service({ config: { checks: failing } });
    await service.planImprovement({ ...asking(modify('src/a.ts', 'x')), targetFiles: ['staged.ts'] });
    await service.executeImprovement();
    expect(times()).toEqual(before);
    expect(fs.statSync(project.at('src/a.ts'), { bigint: true }).mtimeNs).toBe(own);
  });
});

test('scenario 31: a plan of a thousand files, kept, undone and failed', async () => {
  const project = await testProject();
  for (let index = 0; index < 500; index += 1)
    put(`many/${index % 10}/${index}.txt`, `before ${index}\n`)(project);
  const { toTestProject } = await import('./support/project.js');
  const prepared = await toTestProject(project);
  const changes: PlannedChange[] = Array.from({ length: 1000 }, (_, index) =>
    index >= 500
      ? { file: `more/${index % 10}/${index}.txt`, type: 'create', content: `new ${index}\n` }
      : index % 5 === 0
        ? { file: `many/${index % 10}/${index}.txt`, type: 'delete' }
        : modify(`many/${index % 10}/${index}.txt`, `after ${index}\n`),
  );
  const service = prepared.service();
  const taskId = await service.planImprovement(asking(...changes));
  const result = await service.executeImprovement();
  expect(result.success).toBe(true);
  expect(result.changesApplied).toHaveLength(1000);
  expect(prepared.text('more/9/999.txt')).toBe('new 999\n');
  expect(await service.rollbackImprovement(taskId)).toMatchObject({ status: 'rolled_back' });
  await prepared.expectUntouched();
  const failed = prepared.service({ config: { checks: failing } });
  await failed.planImprovement(asking(...changes));
  expect(await failed.executeImprovement()).toMatchObject({ status: 'rolled_back' });
  await prepared.expectUntouched();
});
