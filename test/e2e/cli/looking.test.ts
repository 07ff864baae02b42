import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { cliProject, oneChange, threeChanges, type CliProject } from './cli-project.js';
import { documentOf } from './moult.js';

let project: CliProject;
afterEach(() => project.remove());

async function planned(request: object): Promise<string> {
  return String(documentOf(await project.moult('plan', await project.request(request), '--json')).taskId);
}

describe('status', () => {
  it('has nothing to say of a project without improvements, and writes nothing', async () => {
    project = await cliProject();
    expect(await project.moult('status')).toMatchObject({
      code: 0,
      stdout: 'No improvement yet. `moult plan REQUEST` makes one.\n',
    });
    expect(documentOf(await project.moult('status', '--json'))).toEqual({ task: null });
    expect(project.hasNoState()).toBe(true);
  });

  it('says where the newest stands and what can be done', async () => {
    project = await cliProject();
    const taskId = await planned(oneChange);
    const ended = await project.moult('status', '-q');
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain(`${taskId}  Speak up\n`);
    expect(ended.stdout).toMatch(/status +planned, ready to be executed/);
    expect(ended.stdout).toMatch(/\nnext: `moult execute si-\d+` carries it out/);
  });

  it('tells of one by its id, with its result and the logs of its checks', async () => {
    project = await cliProject();
    const { taskId } = documentOf(await project.moult('run', await project.request(oneChange), '--json'));
    await planned({ ...oneChange, changes: [{ file: 'src/b.txt', type: 'delete' }] });
    const { task } = documentOf(await project.moult('status', String(taskId), '--json')) as {
      task: { checks: { logFile: string }[] };
    };
    expect(task).toMatchObject({
      taskId,
      status: 'completed',
      state: 'completed',
      interrupted: false,
      description: 'Speak up',
      risk: 'low',
      highRiskFiles: [],
      files: 1,
      checkpoint: { kind: 'git' },
      rollback: null,
      result: { success: true },
    });
    expect(execFileSync('cat', [task.checks[0]?.logFile ?? ''], { encoding: 'utf8' })).toBe('looks fine\n');
  });
});

describe('history', () => {
  it('lists all improvements, oldest first', async () => {
    project = await cliProject();
    expect(await project.moult('history')).toMatchObject({ code: 0, stdout: 'No improvement yet.\n' });
    expect(documentOf(await project.moult('history', '--json'))).toEqual({ improvements: [] });
    await project.moult('run', await project.request(threeChanges));
    const taskId = await planned({ ...oneChange, description: 'Second\nand more' });
    const { improvements } = documentOf(await project.moult('history', '--json'));
    expect(improvements).toMatchObject([
      { description: 'Change three files', status: 'completed', files: 3 },
      { taskId, status: 'planning', state: 'planning.ready', files: 1 },
    ]);
    const lines = (await project.moult('history')).stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(
      /^ {2}si-\d+ +planned, ready to be executed +low risk +1 file +\d{4}-.* UTC +Second$/,
    );
  });
});

describe('show', () => {
  it('gives a diff of every change, and the risks with their reasons', async () => {
    project = await cliProject();
    const taskId = await planned(threeChanges);
    const ended = await project.moult('show', taskId);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toContain('--- a/src/a.txt\n+++ b/src/a.txt\n@@ -1,2 +1,2 @@\n-one\n+ONE\n two\n');
    expect(ended.stdout).toContain('--- a/src/b.txt\n+++ /dev/null\n');
    expect(ended.stdout).toContain('--- /dev/null\n+++ b/deep/er/c.txt\n@@ -0,0 +1,1 @@\n+three\n');
    expect(ended.stdout).toContain('delete src/b.txt\n  risk medium: it is deleted\n');
    expect(ended.stdout).toContain('checks: Fine\n');
  });

  it.each(['completed', 'rolled back'])('gives the same diff when it is %s', async (end) => {
    project = await cliProject();
    const taskId = await planned(threeChanges);
    const diffs = async () => {
      const { task } = documentOf(await project.moult('show', taskId, '--json')) as {
        task: { changes: { diff: string }[] };
      };
      return task.changes.map(({ diff }) => diff);
    };
    const before = await diffs();
    expect(before[0]).toContain('-one\n+ONE\n');
    await project.moult('execute');
    if (end === 'rolled back') await project.moult('rollback', taskId);
    expect(await diffs()).toEqual(before);
  });

  it('names the checkpoint in a way that git understands', async () => {
    project = await cliProject();
    const { taskId } = documentOf(await project.moult('run', await project.request(threeChanges), '--json'));
    const { stdout } = await project.moult('show', String(taskId));
    const command = /look at a file in it: (.*)/.exec(stdout)?.[1] ?? 'false';
    expect(execFileSync('sh', ['-c', command], { encoding: 'utf8' })).toBe('one\ntwo\n');
    expect(stdout).toMatch(/log: \.git\/moult\/tasks\/si-\d+\/logs\/01-fine\.log/);
    const { task } = documentOf(await project.moult('show', String(taskId), '--json'));
    expect(task).toMatchObject({ checkpointCommand: command });
  });

  it('shows binary files by size and hash, changed modes, links, and mere targets', async () => {
    project = await cliProject();
    const taskId = await planned({
      description: 'All kinds',
      targetFiles: ['mine.txt'],
      changes: [
        { file: 'image.bin', type: 'create', contentBase64: 'AAEC' },
        { file: 'src/a.txt', type: 'modify', mode: '0755' },
        { file: 'link', type: 'create', symlink: 'src/a.txt' },
        { file: 'empty', type: 'create', content: '' },
      ],
    });
    const { stdout } = await project.moult('show', taskId);
    expect(stdout).toMatch(
      /create image\.bin\n.*\n {2}before: no file\n {2}after: {2}binary, 3 bytes, sha256 ae4b/,
    );
    expect(stdout).toMatch(/mode src\/a\.txt\n.*\n {2}mode 0644 to 0755\n/);
    expect(stdout).toContain('+-> src/a.txt\n');
    expect(stdout).toMatch(/create empty\n.*\n {2}an empty file\n/);
    expect(stdout).toContain('back up only mine.txt\n');
  });

  it('hides nothing that a terminal would obey', async () => {
    project = await cliProject();
    const content = 'if (admin\u202e) \u001b[8m secret\r\n\u0007';
    const taskId = await planned({ ...oneChange, changes: [{ file: 'src/a.txt', type: 'modify', content }] });
    const { stdout } = await project.moult('show', taskId);
    expect(stdout).toContain('+if (admin\\u{202e}) \\x1b[8m secret\\r\n+\\u{7}\n');
    expect(stdout).not.toMatch(/[\u001b\u202e\r\u0007]/);
    const { task } = documentOf(await project.moult('show', taskId, '--json')) as {
      task: { changes: { diff: string }[] };
    };
    expect(task.changes[0]?.diff).toContain(content.split('\n')[0]);
  });
});
