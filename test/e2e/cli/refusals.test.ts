import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffManifests, manifest } from '../../../src/testing/index.js';
import { cliProject, oneChange, passing, type CliProject } from './cli-project.js';
import { documentOf, lastLine, moult, type Ended } from './moult.js';
import { hasTerminal, onTerminal } from './on-terminal.js';

let project: CliProject;
beforeAll(async () => {
  project = await cliProject();
  await symlink('src', path.join(project.root, 'linked'));
});
afterAll(() => project.remove());

/** The answer of a program that refused: exit code, hint, document, and not a byte touched, in the project or its state. */
async function refusal(
  args: string[],
  code: string,
  { root = project.root, exit = 2 } = {},
): Promise<string> {
  const before = await manifest(root);
  const both = [args, [...args, '--json']].map((words) => moult(words, { cwd: root }));
  const [text, json] = (await Promise.all(both)) as [Ended, Ended];
  for (const ended of [text, json]) {
    expect(ended.code, ended.stderr + ended.stdout).toBe(exit);
    expect(ended.stderr).toContain(` [${code}]\n`);
    expect(lastLine(ended)).toMatch(/^hint: \S.{5,}/);
  }
  expect(text.stdout).toBe('');
  expect(text.stderr).toMatch(/^error: /);
  const { error, hint } = documentOf(json) as { error: Record<string, unknown>; hint: string };
  expect(error).toMatchObject({ code, message: expect.any(String) as string, remedy: hint });
  expect(error).toHaveProperty('details');
  expect(diffManifests(before, await manifest(root))).toEqual([]);
  expect(project.hasNoState()).toBe(true);
  return text.stderr;
}

const change = (extra: object) => ({ ...oneChange, changes: [{ ...oneChange.changes[0], ...extra }] });
const only = (one: object) => ({ description: 'x', changes: [one] });

describe('a request that is not valid', () => {
  const invalid: [string, unknown, string][] = [
    ['a list', [], '(whole input)'],
    ['null', null, '(whole input)'],
    ['a text', '"text"', '(whole input)'],
    ['without description', { changes: oneChange.changes }, 'description: is missing'],
    ['with a blank description', { ...oneChange, description: ' ' }, 'description'],
    ['with a number as description', { ...oneChange, description: 1 }, 'description'],
    ['with a text as targetFiles', { ...oneChange, targetFiles: 'a' }, 'targetFiles'],
    ['with an empty target', { ...oneChange, targetFiles: [''] }, 'targetFiles.0'],
    ['with an object as changes', { ...oneChange, changes: {} }, 'changes'],
    ['with a text as requiresRestart', { ...oneChange, requiresRestart: 'yes' }, 'requiresRestart'],
    ['with a number as skipTests', { ...oneChange, skipTests: 1 }, 'skipTests'],
    ['with an unknown key', { ...oneChange, urgent: true }, 'urgent: "urgent" is not a known key'],
    ['with a change that is a text', { ...oneChange, changes: ['src/a.txt'] }, 'changes.0'],
    ['with a change without file', only({ type: 'delete' }), 'changes.0.file: is missing'],
    ['with an empty file', change({ file: '' }), 'changes.0.file'],
    ['with a number as file', change({ file: 7 }), 'changes.0.file'],
    ['without type', only({ file: 'src/a.txt' }), 'changes.0.type: is missing'],
    ['with an unknown type', change({ type: 'rename' }), 'changes.0.type'],
    ['with a number as description of a change', change({ description: 1 }), 'changes.0.description'],
    ['with an unknown risk', change({ risk: 'none' }), 'changes.0.risk'],
    ['with a number as content', change({ content: 1 }), 'changes.0.content'],
    ['with bad base64', only({ file: 'n', type: 'create', contentBase64: '%' }), 'changes.0.contentBase64'],
    ['with no edits', only({ file: 'src/a.txt', type: 'modify', edits: [] }), 'changes.0.edits'],
    ['with half an edit', only({ file: 'src/a.txt', type: 'modify', edits: [{ oldText: 'a' }] }), 'newText'],
    ['with an empty patch', only({ file: 'src/a.txt', type: 'modify', patch: '' }), 'changes.0.patch'],
    ['with an empty link', only({ file: 'n', type: 'create', symlink: '' }), 'changes.0.symlink'],
    ['with a bad mode', change({ mode: '999' }), 'changes.0.mode'],
    ['with an unknown key in a change', change({ contents: 'x' }), '"contents" is not a known key'],
    ['with two contents', change({ contentBase64: '' }), 'changes.0.contentBase64'],
    ['with content for a deletion', change({ type: 'delete' }), 'changes.0.content'],
  ];
  it.each(invalid)('%s', async (_, request, where) => {
    const verb = invalid.findIndex(([name]) => name === _) % 2 === 0 ? 'run' : 'plan';
    expect(await refusal([verb, await project.request(request)], 'REQUEST_INVALID')).toContain(where);
  });
});

describe('a change that cannot be made', () => {
  const impossible: [string, object, string][] = [
    ['no change at all', { description: 'x', changes: [] }, 'NOTHING_TO_DO'],
    ['nothing new', only({ file: 'src/b.txt', type: 'modify', content: 'b\n' }), 'NOTHING_TO_DO'],
    ['a creation without content', only({ file: 'n', type: 'create' }), 'CHANGE_WITHOUT_CONTENT'],
    ['a modification without content', only({ file: 'src/a.txt', type: 'modify' }), 'CHANGE_WITHOUT_CONTENT'],
    ['a creation of what is there', change({ type: 'create' }), 'FILE_EXISTS'],
    ['a modification of what is not there', change({ file: 'gone' }), 'FILE_MISSING'],
    ['a deletion of what is not there', only({ file: 'gone', type: 'delete' }), 'FILE_MISSING'],
    ['a path that climbs out', change({ file: '../x' }), 'PATH_INVALID'],
    ['a path that climbs out in the middle', change({ file: 'src/../../x' }), 'PATH_INVALID'],
    ['a target that climbs out', { ...oneChange, targetFiles: ['../x'] }, 'PATH_INVALID'],
    ['an absolute path', change({ file: '/etc/hostname' }), 'PATH_INVALID'],
    ['a folder as a file', change({ file: 'src' }), 'PATH_NOT_A_FILE'],
    ['a path through a link', change({ file: 'linked/a.txt' }), 'PATH_THROUGH_LINK'],
    ['a link that is modified', change({ file: 'linked' }), 'PATH_IS_LINK'],
    ["git's own files", change({ file: '.git/config' }), 'PATH_PROTECTED'],
    ["git's own files, spelled otherwise", change({ file: '.GIT/config' }), 'PATH_PROTECTED'],
    [
      'a file twice',
      { description: 'x', changes: [oneChange.changes[0], oneChange.changes[0]] },
      'PATH_DUPLICATE',
    ],
    [
      'an edit of what is not there',
      only({ file: 'src/a.txt', type: 'modify', edits: [{ oldText: 'nine', newText: '9' }] }),
      'EDIT_NOT_UNIQUE',
    ],
    [
      'a patch that does not fit',
      only({ file: 'src/a.txt', type: 'modify', patch: '--- a\n+++ b\n@@ -1 +1 @@\n-nine\n+9\n' }),
      'PATCH_REJECTED',
    ],
    ['a link that leads out', only({ file: 'n', type: 'create', symlink: '../../x' }), 'PATH_INVALID'],
  ];
  it.each(impossible)('%s', async (_, request, code) => {
    await refusal(['run', await project.request(request)], code);
  });
});

describe('a request that cannot be read', () => {
  const unreadable: [string, string | Uint8Array, string][] = [
    ['empty', '  \n', 'it is empty'],
    ['a comma too much', '{\n  "a": 1,\n}', 'line 3, column 1'],
    ['a word', '{\n "a": [1,\n  yes]}', "line 3, column 3: unexpected token 'y'"],
    ['cut off', '{"a": [1, 2', 'line 1, column 12'],
    ['two documents', '{}\n{}', 'line 2, column 1'],
    ['not UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'it is not UTF-8 text'],
  ];
  it.each(unreadable)('%s', async (_, content, reason) => {
    const file = path.join(project.outside, 'broken.json');
    await writeFile(file, content);
    expect(await refusal(['run', file], 'REQUEST_UNREADABLE')).toContain(reason);
  });

  it('a file that is not there, and a folder', async () => {
    expect(await refusal(['plan', 'nowhere.json'], 'REQUEST_UNREADABLE')).toContain('there is no such file');
    expect(await refusal(['plan', 'src'], 'REQUEST_UNREADABLE')).toContain('it is a folder');
  });

  it('nothing on standard input', async () => {
    expect(await refusal(['run', '-'], 'REQUEST_UNREADABLE')).toContain('from standard input');
  });

  it('a file of a size that no request has', async () => {
    const file = path.join(project.outside, 'huge.json');
    await writeFile(file, '');
    await truncate(file, 257 * 1024 * 1024);
    expect(await refusal(['plan', file], 'REQUEST_UNREADABLE')).toContain('larger than 256 MiB');
    await rm(file);
  });
});

describe('a place that is no project', () => {
  it('a folder with nothing that says so, which is not made one', async () => {
    const root = await mkdtemp(path.join(tmpdir(), 'moult-no-project-'));
    const request = await project.request(oneChange);
    for (const args of [
      ['run', request],
      ['plan', request],
      ['status'],
      ['history'],
      ['recover'],
      ['cancel'],
    ]) {
      await refusal(args, 'NOT_A_PROJECT', { root });
    }
    await rm(root, { recursive: true });
  });

  it('a folder that is not there, and a file', async () => {
    const request = await project.request(oneChange);
    await refusal(['run', request, '--root', 'nowhere'], 'NOT_A_PROJECT');
    await refusal(['--root', 'check.cjs', 'run', request], 'NOT_A_PROJECT');
    await refusal(['init', '--root', 'nowhere'], 'NOT_A_PROJECT');
  });

  it('is not a folder below a repository, nor one with a package.json', async () => {
    const root = await mkdtemp(path.join(tmpdir(), 'moult-project-'));
    await writeFile(path.join(root, 'package.json'), '{}');
    expect(await moult(['status'], { cwd: root })).toMatchObject({ code: 0 });
    expect(await moult(['status'], { cwd: path.join(project.root, 'src') })).toMatchObject({ code: 0 });
    await rm(root, { recursive: true });
  });
});

describe('a configuration', () => {
  it('that is not valid', async () => {
    const other = await cliProject({ checks: [passing], chekcs: [] });
    await refusal(['run', await project.request(oneChange)], 'CONFIG_INVALID', { root: other.root });
    await other.remove();
  });

  it('without a check that decides, for run; plan says so', async () => {
    for (const config of [{ checks: [] }, { checks: [{ ...passing, required: false }] }, null]) {
      const other = await cliProject(config);
      const request = await project.request(oneChange);
      await refusal(['run', request], 'NO_CHECKS', { root: other.root });
      expect(other.hasNoState()).toBe(true);
      const planned = await other.moult('plan', request);
      expect(planned.stdout).toContain('No required check would judge it');
      expect(await other.moult('execute')).toMatchObject({ code: 2 });
      await other.remove();
    }
  });

  it('whose only checks are skipped', async () => {
    const other = await cliProject({ checks: [{ name: 'Tests', type: 'test', command: 'node check.cjs' }] });
    const request = await project.request({ ...oneChange, skipTests: true });
    await refusal(['run', request], 'NO_CHECKS', { root: other.root });
    await other.remove();
  });
});

describe('an improvement that is not there', () => {
  it.each([
    [['execute'], 'NO_TASK'],
    [['confirm'], 'NO_TASK'],
    [['execute', 'si-1'], 'TASK_UNKNOWN'],
    [['status', 'si-1'], 'TASK_UNKNOWN'],
    [['show', '../../x'], 'TASK_UNKNOWN'],
    [['cancel', 'si-1'], 'TASK_UNKNOWN'],
    [['approve', 'si-1'], 'NO_TASK'],
    [['reject', 'si-1'], 'NO_TASK'],
    [['rollback', 'si-1'], 'NO_TASK'],
  ])('%j', async (args, code) => {
    await refusal(args, code);
  });
});

describe('a command line that is wrong', () => {
  it.each([
    [[], 'No command was given', 'moult --help'],
    [['pln'], "unknown command 'pln'", 'Did you mean `moult plan`?'],
    [['improve-everything'], "unknown command 'improve-everything'", 'moult --help'],
    [['run'], "missing required argument 'request'", 'moult help run'],
    [['run', 'a.json', 'b.json'], 'too many arguments', 'moult help run'],
    [['rollback', 'si-1', '--forse'], "unknown option '--forse'", 'Did you mean `moult rollback --force`?'],
    [['--jsn', 'status'], "unknown option '--jsn'", '--json'],
    [['approve', 'si-1', '--by'], 'argument missing', 'moult help approve'],
    [['supervise'], "missing required argument 'command'", 'moult help supervise'],
    [['machine', 'nope'], 'there is no machine "nope"', 'improvement, restart'],
  ])('%j', async (args, message, hint) => {
    const stderr = await refusal(args, 'USAGE');
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n').at(-1)).toContain(hint);
  });
});

describe.skipIf(!hasTerminal)('a terminal as standard input', () => {
  it('is refused: nobody types a request', async () => {
    const ended = await onTerminal(['run', '-'], { cwd: project.root });
    expect(ended.code).toBe(2);
    expect(ended.stdout).toContain('it is a terminal');
    expect(project.hasNoState()).toBe(true);
  });
});
