import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ImprovementRequest, ImprovementResult, PlannedChange } from '../../src/improvement.js';
import { diffManifests } from '../../src/testing/diff-manifests.js';
import { manifest, type Manifest } from '../../src/testing/manifest.js';
import { projectFolder } from '../../src/testing/project-folder.js';
import { removeTree } from '../../src/testing/remove-tree.js';
import { hookedFileSystem } from './support/hooked-file-system.js';
import { probeProject } from './support/probe-project.js';
import { testProject, type TestProject } from './support/project.js';

interface Probe {
  /** What must be as it was. */
  paths: string[];
  /** The change as a plan has it. */
  changes?: PlannedChange[];
  /** The change as a check makes it. */
  script?: string;
}

const modify = (file: string, content = 'changed\n'): PlannedChange => ({ file, type: 'modify', content });
const remove = (file: string): PlannedChange => ({ file, type: 'delete' });
const create = (file: string): PlannedChange => ({ file, type: 'create', content: 'new\n' });
const big = (byte: string) => Buffer.alloc(3 * 1024 * 1024, byte).toString('base64');
const oddNames = ['odd ünïcode 日本.txt', 'odd\nline.txt', '-odd.txt', 'odd *?[x].txt'];

/** All of them together: one improvement has all the changes, the check of another runs all the scripts. */
const probes: Record<string, Probe> = {
  '53 a modified tracked file is restored': {
    paths: ['tracked.txt'],
    changes: [modify('tracked.txt')],
    script: 'echo changed > tracked.txt',
  },
  '54 a deleted tracked file is restored': {
    paths: ['deleted.txt'],
    changes: [remove('deleted.txt')],
    script: 'rm deleted.txt',
  },
  '55 a created file is removed': {
    paths: ['created.txt'],
    changes: [create('created.txt')],
    script: 'echo new > created.txt',
  },
  '56 a created folder is removed too': {
    paths: ['made'],
    changes: [create('made/deep/file.txt')],
    script: 'mkdir -p made/deep && echo new > made/deep/file.txt',
  },
  '57 an untracked file that was edited is restored': {
    paths: ['untracked.txt'],
    changes: [modify('untracked.txt')],
    script: 'rm untracked.txt; echo changed > untracked.txt',
  },
  '58 an untracked file that was deleted is restored': {
    paths: ['untracked-deleted.txt'],
    changes: [remove('untracked-deleted.txt')],
    script: 'rm untracked-deleted.txt',
  },
  '59 an ignored file that was edited is restored': { paths: ['.env'], changes: [modify('.env')] },
  '60 an ignored folder that was deleted is restored': { paths: ['dist'], changes: [remove('dist/out.js')] },
  '69 the executable bit is restored': {
    paths: ['exec.sh'],
    changes: [{ file: 'exec.sh', type: 'modify', mode: '0644' }],
    script: 'chmod -x exec.sh',
  },
  '70 mode 0600 is preserved': {
    paths: ['private.txt'],
    changes: [modify('private.txt')],
    script: 'echo changed > private.txt',
  },
  '71 a link that became a file is a link again': {
    paths: ['link', 'tracked.txt'],
    changes: [remove('link')],
    script: 'rm link; echo file > link',
  },
  '73 a folder that became a link is a folder again': {
    paths: ['folder', 'elsewhere'],
    script: 'cp -r folder elsewhere; rm -r folder; ln -s elsewhere folder',
  },
  '74 a file that became a folder is a file again': {
    paths: ['file-to-folder.txt'],
    script: 'rm file-to-folder.txt; mkdir file-to-folder.txt; echo x > file-to-folder.txt/x',
  },
  '75 the folder of the only file is there again': {
    paths: ['only'],
    changes: [remove('only/one.txt')],
    script: 'rm -r only',
  },
  '76 a binary file is restored byte for byte': {
    paths: ['binary.bin'],
    changes: [{ file: 'binary.bin', type: 'modify', contentBase64: 'AAE=' }],
    script: 'printf "\\\\000\\\\001" > binary.bin',
  },
  '77 an untracked file of 3 MB that was edited is restored': {
    paths: ['untracked-3mb.bin'],
    changes: [{ file: 'untracked-3mb.bin', type: 'modify', contentBase64: big('x') }],
    script: 'echo short > untracked-3mb.bin',
  },
  '79 CRLF is exact under text=auto': {
    paths: ['crlf.txt'],
    changes: [modify('crlf.txt', 'one\ntwo\n')],
    script: 'printf "one\\ntwo\\n" > crlf.txt',
  },
  '80 a file with a clean and smudge filter is exact': {
    paths: ['filtered.txt'],
    changes: [modify('filtered.txt')],
    script: 'echo changed > filtered.txt',
  },
  '81 a file inside a nested repository is restored': {
    paths: ['nested/inside.txt'],
    changes: [modify('nested/inside.txt')],
  },
  '85 files with odd names are restored': {
    paths: oddNames,
    changes: oddNames.map((name) => modify(name)),
    script: 'for file in odd* ./-odd.txt; do echo changed > "$file"; done',
  },
  '86 an edit under assume-unchanged is preserved': {
    paths: ['assumed.txt'],
    changes: [modify('assumed.txt')],
    script: 'echo changed > assumed.txt',
  },
  '87 an edit under skip-worktree is preserved': {
    paths: ['skipped.txt'],
    changes: [modify('skipped.txt')],
    script: 'echo changed > skipped.txt',
  },
  '93 an undeclared side effect on another file is restored': {
    paths: ['unrelated.txt'],
    script: 'sed -i s/unrelated/formatted/ unrelated.txt',
  },
};

const withChanges = Object.entries(probes).filter(([, { changes }]) => changes);
const withScript = Object.entries(probes).filter(([, { script }]) => script);

/** What holds without anything being done to it. */
const untouched: [string, string[]][] = [
  ['61 a file that only an uncommitted .gitignore protects', ['guarded', '.gitignore']],
  ['67, 68 what is staged, and what is staged in part', ['staged.txt', 'partial.txt', '.git']],
  ['78 an untracked file of 3 MB', ['untouched-3mb.bin']],
  ['82 a nested repository itself', ['nested/.git']],
  ['83 a nested repository without a commit', ['nested-unborn']],
  ['91 refs, stash, exclude and objects of the repository', ['.git']],
];

interface Run {
  before: Manifest;
  during: Manifest;
  after: Manifest;
  result: ImprovementResult;
}

async function run(project: TestProject, changes: PlannedChange[], script: string): Promise<Run> {
  const times = { times: true };
  const before = await manifest(project.top, times);
  let hasChecked = false;
  let during: Promise<Manifest> | null = null;
  const service = project.service({
    config: {
      checks: [{ name: 'changes', type: 'custom', command: `${script}\nfalse`, required: true, shell: true }],
    },
    onProgress: ({ type }) => void (type === 'check-finished' && (hasChecked = true)),
    // Nothing is put back before it was looked at.
    fileSystem: hookedFileSystem(async () => {
      if (hasChecked) await (during ??= manifest(project.top, times));
    }),
  });
  const request: ImprovementRequest = {
    description: 'Probes',
    targetFiles: [],
    requiresRestart: false,
    changes,
  };
  await service.planImprovement(request);
  const result = await service.executeImprovement();
  const looked = during as Promise<Manifest> | null;
  if (looked === null) throw new Error('No check has run');
  return {
    before,
    during: await looked,
    after: await manifest(project.top, times),
    result,
  };
}

/** Lines of the difference at or below the given paths; times of files that were put back may be new. */
function differences(one: Manifest, other: Manifest, paths: readonly string[]): string[] {
  const within = ({ entries, git }: Manifest): Manifest => ({
    entries: Object.fromEntries(
      Object.entries(entries)
        .filter(([name]) => paths.some((place) => name === place || name.startsWith(`${place}/`)))
        .map(([name, entry]) => [name, { ...entry, modifiedNs: undefined }]),
    ),
    git: Object.fromEntries(
      Object.entries(git).filter(([tree]) => paths.includes(tree === '.' ? '.git' : `${tree}/.git`)),
    ),
  });
  return diffManifests(within(one), within(other));
}

describe.each<[string, typeof withChanges, (all: Probe[]) => [PlannedChange[], string]]>([
  [
    'by a plan',
    withChanges,
    (all: Probe[]): [PlannedChange[], string] => [all.flatMap(({ changes = [] }) => changes), ''],
  ],
  [
    'by a check',
    withScript,
    (all: Probe[]): [PlannedChange[], string] => [
      [create('planned.txt')],
      all.map(({ script = '' }) => script).join('\n'),
    ],
  ],
])('fidelity: changed %s, and rolled back', (_, chosen, merged) => {
  let base: string;
  let seen: Run;
  beforeAll(async () => {
    base = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'moult-probe-')));
    const project = await probeProject(base);
    const [changes, script] = merged(chosen.map(([, probe]) => probe));
    seen = await run(project, changes, script);
  });
  afterAll(() => removeTree(base));

  test('the improvement is rolled back, and everything is as it was', () => {
    expect(seen.result).toMatchObject({ status: 'rolled_back', rollbackPerformed: true });
    const all = Object.keys({ ...seen.before.entries, ...seen.after.entries }).filter((name) => name !== '.');
    expect(
      differences(seen.before, seen.after, [...all, '.git', 'nested/.git', 'nested-unborn/.git']),
    ).toEqual([]);
  });

  test.each(chosen)('probe %s', (_name, { paths }) => {
    expect(differences(seen.before, seen.during, paths)).not.toEqual([]);
    expect(differences(seen.before, seen.after, paths)).toEqual([]);
  });

  test.each(untouched)('probe %s: survives', (_name, paths) => {
    expect(differences(seen.before, seen.after, paths)).toEqual([]);
  });

  test('probe 89, 90: the times of untouched files, tracked or not, are unchanged', () => {
    const touched = chosen.flatMap(([, { paths }]) => paths);
    const names = Object.keys(seen.before.entries).filter(
      (name) => !touched.some((place) => name === place || name.startsWith(`${place}/`)),
    );
    expect(names).toContain('staged.txt');
    expect(names).toContain('untouched-3mb.bin');
    for (const name of names)
      expect(seen.after.entries[name]?.modifiedNs).toBe(seen.before.entries[name]?.modifiedNs);
  });
});

const small: ImprovementRequest = {
  description: 'One file',
  targetFiles: [],
  requiresRestart: false,
  changes: [modify('src/a.ts')],
};
const checking = (script: string) => [
  { name: 'meddles', type: 'custom' as const, command: `${script}\nfalse`, required: true, shell: true },
];

/** Changes one file by a plan and another by a check, and rolls back; something may be done in between. */
async function rolledBack(
  project: TestProject,
  between: () => void | Promise<void> = () => undefined,
  script = 'echo changed > unstaged.ts',
): Promise<ImprovementResult> {
  const service = project.service({ config: { checks: checking(script) } });
  await service.planImprovement(small);
  await between();
  const result = await service.executeImprovement();
  expect(result).toMatchObject({ status: 'rolled_back', rollbackPerformed: true });
  return result;
}

describe('fidelity: one at a time', () => {
  test('probe 62: a plan that changes .gitignore leaves the file it protected', async () => {
    const project = await testProject();
    const service = project.service({ config: { checks: checking('true') } });
    await service.planImprovement({ ...small, changes: [modify('.gitignore', '\n')] });
    const result = await service.executeImprovement();
    expect(result).toMatchObject({ status: 'rolled_back', undeclared: [] });
    await project.expectUntouched();
  });

  test('probes 63, 64: what somebody creates or edits elsewhere stays, before the checks and after', async () => {
    const project = await testProject();
    const service = project.service({
      config: { checks: checking('true') },
      onProgress: (event) => {
        const at =
          event.type === 'applied'
            ? 'before'
            : event.type === 'state' && event.state === 'rolling_back'
              ? 'after'
              : null;
        if (at === null) return;
        fs.writeFileSync(project.at(`mine-${at}.txt`), 'mine\n');
        fs.writeFileSync(project.at(at === 'before' ? 'unstaged.ts' : 'untracked.txt'), 'mine\n');
      },
    });
    await service.planImprovement(small);
    expect(await service.executeImprovement()).toMatchObject({
      status: 'rolled_back',
      undeclared: [],
      displaced: [],
    });
    const mine = ['mine-before.txt', 'mine-after.txt', 'unstaged.ts', 'untracked.txt'];
    for (const file of mine) expect(project.text(file)).toBe('mine\n');
    await project.expectUntouched(mine);
  });

  test.each(['restore', 'report'] as const)(
    'probes 63, 64: what somebody creates or edits while checks run is not lost (%s)',
    async (undeclared) => {
      const project = await testProject();
      const mine = ['mine.txt', 'unstaged.ts'];
      const service = project.service({
        config: { checks: checking('true'), undeclared },
        onProgress: ({ type }) => {
          if (type === 'check-started') for (const file of mine) fs.writeFileSync(project.at(file), 'mine\n');
        },
      });
      await service.planImprovement(small);
      const { displaced, undeclared: named } = await service.executeImprovement();
      expect(named.map(({ path: file }) => file)).toEqual(mine);
      const places =
        undeclared === 'report'
          ? mine.map((file) => project.at(file))
          : displaced.map(({ savedAt }) => savedAt);
      expect(places).toHaveLength(2);
      for (const file of places) expect(fs.readFileSync(file, 'utf8')).toBe('mine\n');
      await project.expectUntouched(undeclared === 'report' ? mine : []);
    },
  );

  test('probe 65: a hand edit on top of a planned change is moved aside and named', async () => {
    const project = await testProject();
    const result = await rolledBack(project, undefined, 'echo by hand >> src/a.ts');
    expect(result.displaced.map(({ path: file }) => file)).toEqual(['src/a.ts']);
    expect(fs.readFileSync(result.displaced[0]?.savedAt ?? '', 'utf8')).toBe('changed\nby hand\n');
    await project.expectUntouched();
  });

  test('probe 66: a commit made after the checkpoint stays on the branch', async () => {
    const project = await testProject();
    const result = await rolledBack(
      project,
      undefined,
      'git -c user.name=x -c user.email=x@x commit -qm theirs',
    );
    expect(result.undeclared.filter(({ restored }) => restored)).toEqual([]);
    expect(await project.git(['log', '-1', '--format=%s'])).toBe('theirs\n');
  });

  test('probe 72: a plan that would write through a link to the outside is refused', async () => {
    const base = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'moult-probe-')));
    onTestFinished(() => removeTree(base));
    const project = await probeProject(base);
    await expect(
      project.service().planImprovement({ ...small, changes: [modify('link-outside')] }),
    ).rejects.toMatchObject({ code: 'PATH_IS_LINK' });
    expect(fs.readFileSync(project.outside, 'utf8')).toBe('outside\n');
    await project.expectUntouched();
  });

  test('probe 84: a changed file inside a submodule is restored', async () => {
    const project = await testProject();
    const library = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'moult-probe-')));
    onTestFinished(() => removeTree(library));
    const other = projectFolder(library);
    await other.git(['init', '--quiet']);
    await other.write('inside.txt', 'inside\n');
    await other.git(['add', '.']);
    await other.git(['commit', '--quiet', '--message', 'Library']);
    await project.git(['submodule', '--quiet', 'add', library, 'sub']);
    await project.write('sub/inside.txt', 'inside, edited\n');
    const before = await manifest(project.top);
    const service = project.service({ config: { checks: checking('echo changed > unstaged.ts') } });
    await service.planImprovement({ ...small, changes: [modify('sub/inside.txt')] });
    expect(await service.executeImprovement()).toMatchObject({
      status: 'rolled_back',
      rollbackPerformed: true,
    });
    expect(diffManifests(before, await manifest(project.top))).toEqual([]);
  });

  test('probe 88: a merge in progress is preserved', async () => {
    const project = await testProject({ merge: true });
    expect((await rolledBack(project)).undeclared).toMatchObject([{ path: 'unstaged.ts', restored: true }]);
    await project.expectUntouched();
  });

  test('probe 92: what a check changed is restored after `git gc --prune=now`', async () => {
    const project = await testProject();
    const script = 'echo changed > unstaged.ts; rm staged.ts untracked.txt; git gc --quiet --prune=now';
    const { undeclared } = await rolledBack(project, undefined, script);
    expect(undeclared.map(({ restored }) => restored)).toEqual([true, true, true]);
    for (const file of ['unstaged.ts', 'staged.ts', 'untracked.txt'])
      expect(project.before.entries[file]).toEqual((await manifest(project.top)).entries[file]);
  });

  test.each([
    ['probe 94: in a linked working tree', { layout: 'worktree' }],
    ['probe 94: in a submodule', { layout: 'submodule' }],
    ['probe 95: without a commit', { unborn: true }],
    ['scenario 7: in a folder of a monorepo', { layout: 'subfolder' }],
  ] as const)('%s', async (_, options) => {
    const project = await testProject(options);
    expect((await rolledBack(project)).undeclared).toMatchObject([{ path: 'unstaged.ts', restored: true }]);
    await project.expectUntouched();
  });

  test('probe 96: outside git, planned files are restored', async () => {
    const project = await testProject({ git: false });
    await rolledBack(project, undefined, 'true');
    await project.expectUntouched(['.moult']);
  });

  test('probe 97: an inherited GIT_DIR reaches no other repository', async () => {
    const [project, decoy] = [await testProject(), await testProject()];
    const names = ['GIT_DIR', 'GIT_INDEX_FILE', 'GIT_WORK_TREE'] as const;
    process.env.GIT_DIR = path.join(decoy.root, '.git');
    process.env.GIT_INDEX_FILE = path.join(decoy.root, '.git/index');
    process.env.GIT_WORK_TREE = decoy.root;
    try {
      expect((await rolledBack(project)).undeclared).toMatchObject([{ path: 'unstaged.ts', restored: true }]);
    } finally {
      for (const name of names) delete process.env[name];
    }
    await project.expectUntouched();
    await decoy.expectUntouched();
  });

  test('probe 98: a stale index.lock is no obstacle and is not removed', async () => {
    const project = await testProject();
    const lock = project.at('.git/index.lock');
    fs.writeFileSync(lock, '');
    expect((await rolledBack(project)).undeclared).toMatchObject([{ path: 'unstaged.ts', restored: true }]);
    expect(fs.existsSync(lock)).toBe(true);
    fs.rmSync(lock);
    await project.expectUntouched();
  });
});
