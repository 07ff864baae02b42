import { readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cliProject, oneChange, threeChanges, type CliProject } from './cli-project.js';
import { documentOf, lastLine, moult } from './moult.js';

let project: CliProject;
afterEach(() => project.remove());

const failing = (command: string) => ({
  checks: [
    { name: 'Fine', type: 'custom', command: 'node check.cjs' },
    { name: 'Strict', type: 'custom', command },
  ],
});
const boom = `node -e "console.log('line one');console.error('boom \\u001b[31mred\\u001b[0m');process.exit(3)"`;

describe('run', () => {
  it('makes the change and says what became of each file', async () => {
    project = await cliProject();
    const ended = await project.moult('run', await project.request(threeChanges));
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toMatch(/^Done: Change three files \(si-\d+\)\n/);
    expect(ended.stdout).toMatch(/modified +src\/a\.txt\n/);
    expect(ended.stdout).toMatch(/deleted +src\/b\.txt\n/);
    expect(ended.stdout).toMatch(/created +deep\/er\/c\.txt\n/);
    expect(ended.stdout).toMatch(/✔ +Fine +passed +\d/);
    expect(ended.stdout).toMatch(/To take it back: moult rollback si-\d+\n$/);
    expect(await readFile(path.join(project.root, 'src/a.txt'), 'utf8')).toBe('ONE\ntwo\n');
    expect(await readFile(path.join(project.root, 'deep/er/c.txt'), 'utf8')).toBe('three\n');
    expect(await project.git(['status', '--porcelain'])).toBe(
      ' M src/a.txt\n D src/b.txt\n?? deep/\n?? mine.txt\n',
    );
  });

  it('tells its progress on standard error, a line for each step, without colours', async () => {
    project = await cliProject();
    const { stderr } = await project.moult('run', await project.request(threeChanges));
    const times = (text: string) => text.replaceAll(/\([\d.]+ m?s\)/g, '(T)');
    expect(times(stderr)).toBe(
      [
        'Plan done (T)',
        'Back up done (T)',
        'Checkpoint done (T)',
        'Apply done (T): 3 files',
        'Check "Fine" ...',
        'Check "Fine" passed (T)',
        'Keep done (T)',
        '',
      ].join('\n'),
    );
  });

  it('gives the result as one document', async () => {
    project = await cliProject();
    const ended = await project.moult('--json', 'run', await project.request(threeChanges));
    expect(ended.code).toBe(0);
    expect(documentOf(ended)).toMatchObject({
      success: true,
      taskId: expect.stringMatching(/^si-\d+$/) as string,
      status: 'completed',
      changesApplied: ['src/a.txt', 'src/b.txt', 'deep/er/c.txt'],
      validationPassed: true,
      needsRestart: false,
      displaced: [],
      checks: [{ name: 'Fine', status: 'passed', exitCode: 0 }],
    });
    expect(documentOf(ended)).not.toHaveProperty('hint');
    expect(ended.stderr).toContain('Check "Fine" passed');
  });

  it('says nothing at all with --quiet, before the command or after it', async () => {
    project = await cliProject();
    const request = await project.request(oneChange);
    expect(await project.moult('-q', 'run', request)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const back = await project.request({ ...oneChange, changes: [{ file: 'src/b.txt', type: 'delete' }] });
    const json = await project.moult('run', back, '--quiet', '--json');
    expect(json).toMatchObject({ code: 0, stderr: '' });
    expect(documentOf(json)).toMatchObject({ success: true });
  });

  it('reads the request from standard input, with a byte order mark', async () => {
    project = await cliProject();
    const ended = await moult(['run', '-', '--root', 'project', '--json'], {
      cwd: path.dirname(project.root),
      input: `\uFEFF${JSON.stringify(oneChange)}`,
    });
    expect(documentOf(ended)).toMatchObject({ success: true, changesApplied: ['src/a.txt'] });
  });

  it('takes the change back when a check fails, and shows why', async () => {
    project = await cliProject(failing(boom));
    const changed = await project.watch();
    const ended = await project.moult('run', await project.request(threeChanges));
    expect(ended.code).toBe(1);
    expect(await changed()).toEqual([]);
    expect(ended.stdout).toMatch(/^Taken back: Change three files/);
    expect(ended.stdout).toMatch(/✔ +Fine +passed/);
    expect(ended.stdout).toMatch(/✖ +Strict +failed .* it ended with exit code 3/);
    expect(ended.stdout).toContain('  | line one\n  | boom red\n');
    expect(ended.stdout).toContain('Every file is as it was before: 3 files put back.');
    const log = /log: (.*)/.exec(ended.stdout)?.[1] ?? '';
    expect(await readFile(path.join(project.root, log), 'utf8')).toContain('line one');
    expect(ended.stderr).toContain('error: Validation failed: "Strict" [VALIDATION_FAILED]\n');
    expect(lastLine(ended)).toMatch(/^hint: Read the log of the failed check/);
  });

  it('says the same as a document', async () => {
    project = await cliProject(failing(boom));
    const ended = await project.moult('run', await project.request(threeChanges), '--json', '--quiet');
    expect(ended.code).toBe(1);
    expect(documentOf(ended)).toMatchObject({
      success: false,
      status: 'rolled_back',
      rollbackPerformed: true,
      changesApplied: [],
      error: 'Validation failed',
      failure: { code: 'VALIDATION_FAILED', details: { checks: ['Strict'] } },
      hint: expect.stringContaining('log') as string,
    });
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(2);
    expect(lastLine(ended)).toMatch(/^hint: /);
  });

  it('keeps the change when a check fails that is not required', async () => {
    const strict = { name: 'Style', type: 'custom', command: 'node -e "process.exit(1)"', required: false };
    project = await cliProject({
      checks: [{ name: 'Fine', type: 'custom', command: 'node check.cjs' }, strict],
    });
    const ended = await project.moult('run', await project.request(oneChange));
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/▲ +Style +failed \(not required\)/);
    expect(ended.stderr).toContain('Check "Style" failed, but is not required');
  });

  it('names where the bytes are that somebody wrote meanwhile', async () => {
    const command = `node -e "fs.writeFileSync('src/a.txt', 'theirs');process.exit(1)"`;
    project = await cliProject(failing(command));
    const ended = await project.moult('run', await project.request(oneChange));
    expect(ended.code).toBe(1);
    expect((await project.read('src/a.txt')).toString()).toBe('one\ntwo\n');
    const place = /version of src\/a\.txt was moved to (.*)/.exec(ended.stdout)?.[1] ?? '';
    expect(await readFile(path.resolve(project.root, place), 'utf8')).toBe('theirs');
  });

  it('says when the program has to be restarted', async () => {
    project = await cliProject();
    const ended = await project.moult('run', await project.request({ ...oneChange, requiresRestart: true }));
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('Restart your program to run the new code.');
    expect(ended.stderr).not.toContain('warning');
  });

  it('makes visible what a terminal would obey', async () => {
    project = await cliProject();
    const request = { ...oneChange, description: 'Safe \u001b[2J\u202e text\nand more' };
    const ended = await project.moult('run', await project.request(request));
    expect(ended.stdout).toContain('Safe \\x1b[2J\\u{202e} text');
    expect(ended.stdout + ended.stderr).not.toMatch(/[\u001b\u202e]/);
  });

  it('keeps the document apart from what a configuration prints', async () => {
    project = await cliProject(null);
    await writeFile(
      path.join(project.root, 'moult.config.mjs'),
      `console.log('hello');\nexport default { checks: [{ name: 'Fine', type: 'custom', command: 'node check.cjs' }] };\n`,
    );
    const ended = await project.moult('run', await project.request(oneChange), '--json');
    expect(documentOf(ended)).toMatchObject({ success: true });
    expect(ended.stderr).toContain('hello\n');
  });
});

describe('plan and execute', () => {
  it('plan touches no file, and execute carries it out', async () => {
    project = await cliProject();
    const changed = await project.watch();
    const planned = await project.moult('plan', await project.request(threeChanges));
    expect(planned.code).toBe(0);
    expect(planned.stdout).toMatch(/^Planned: Change three files/);
    expect(planned.stdout).toMatch(/create +deep\/er\/c\.txt/);
    expect(planned.stdout).toMatch(/moult execute si-\d+/);
    expect((await changed()).filter((line) => !line.includes('links 1 -> 2'))).toEqual([]);
    expect(await project.moult('execute')).toMatchObject({ code: 0 });
    expect((await project.read('src/a.txt')).toString()).toBe('ONE\ntwo\n');
  });

  it('plan gives the risk of each file as a document, and only the id with --quiet', async () => {
    project = await cliProject();
    const request = await project.request({
      description: 'Change the rules',
      changes: [{ file: 'package.json', type: 'create', content: '{}\n' }],
    });
    const ended = await project.moult('plan', request, '--json');
    expect(documentOf(ended)).toEqual({
      taskId: expect.stringMatching(/^si-\d+$/) as string,
      status: 'planning',
      state: 'planning.ready',
      risk: 'critical',
      highRiskFiles: ['package.json'],
      digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      fileRisks: [
        { path: 'package.json', level: 'critical', reasons: [expect.stringContaining('manifest') as string] },
      ],
    });
    expect(ended.stderr).toContain('warning: High-risk files');
    await project.moult('cancel');
    const quiet = await project.moult('plan', request, '--quiet');
    expect(quiet).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^si-\d+\n$/) as string,
    });
  });

  it('execute names the plan by its id, and refuses to do it twice', async () => {
    project = await cliProject();
    const { taskId } = documentOf(await project.moult('plan', await project.request(oneChange), '--json'));
    const ended = await project.moult('execute', String(taskId), '--json');
    expect(documentOf(ended)).toMatchObject({ success: true, taskId });
    const again = await project.moult('execute', String(taskId), '--json');
    expect(again.code).toBe(2);
    expect(documentOf(again)).toMatchObject({
      error: { code: 'TASK_FINISHED' },
      taskId,
      status: 'completed',
    });
  });

  it('execute refuses a plan whose files have changed, and leaves nothing in the way', async () => {
    project = await cliProject();
    await project.moult('plan', await project.request(oneChange));
    await project.write('src/a.txt', 'somebody was here\n');
    const changed = await project.watch();
    const ended = await project.moult('execute');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('[PLAN_STALE]\n');
    expect(lastLine(ended)).toMatch(/^hint: Plan again/);
    expect((await changed()).filter((line) => !line.includes('links'))).toEqual([]);
    const again = await project.moult('run', await project.request(oneChange));
    expect(again.code, again.stderr).toBe(0);
  });
});
