import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { readFile, rename, rm } from 'node:fs/promises';
import * as path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cliProject, oneChange, passing, slow, threeChanges, type CliProject } from './cli-project.js';
import { documentOf, lastLine } from './moult.js';

let project: CliProject;
afterEach(() => project.remove());

async function completed(): Promise<string> {
  const ended = await project.moult('run', await project.request(threeChanges), '--json');
  return String(documentOf(ended).taskId);
}

describe('rollback', () => {
  it('takes back a completed improvement', async () => {
    project = await cliProject();
    const changed = await project.watch();
    const ended = await project.moult('rollback', await completed());
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toMatch(
      /^Took back si-\d+\.\nEvery file is as it was before: 3 files put back\.\n$/,
    );
    expect(await changed()).toEqual([]);
  });

  it('gives the result as a document, and refuses a second time', async () => {
    project = await cliProject();
    const taskId = await completed();
    const ended = await project.moult('rollback', taskId, '--json');
    expect(ended.code).toBe(0);
    expect(documentOf(ended)).toMatchObject({ taskId, status: 'rolled_back', rollbackPerformed: true });
    const again = await project.moult('rollback', taskId, '--json');
    expect(again.code).toBe(2);
    expect(documentOf(again)).toMatchObject({ error: { code: 'NOTHING_TO_ROLL_BACK' }, taskId });
  });

  it('refuses where somebody went on; with --force their version is moved aside', async () => {
    project = await cliProject();
    const taskId = await completed();
    await project.write('src/a.txt', 'my later work\n');
    const refused = await project.moult('rollback', taskId);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('[ROLLBACK_CONFLICT]');
    expect(lastLine(refused)).toContain(`moult rollback ${taskId} --force`);
    expect((await project.read('src/a.txt')).toString()).toBe('my later work\n');
    const forced = await project.moult('rollback', '--force', taskId, '--json');
    expect(forced.code, forced.stderr).toBe(0);
    expect((await project.read('src/a.txt')).toString()).toBe('one\ntwo\n');
    const [displaced] = documentOf(forced).displaced as { path: string; savedAt: string }[];
    expect(displaced?.path).toBe('src/a.txt');
    expect(await readFile(displaced?.savedAt ?? '', 'utf8')).toBe('my later work\n');
  });
});

describe('a rollback that fails', () => {
  it('ends with 3, keeps others out with 3, and is done by rollback when the obstacle is gone', async () => {
    // The check puts a link in the place of the folder of a planned file.
    const command = `node -e "fs.renameSync('src', 'moved');fs.symlinkSync('/', 'src');process.exit(1)"`;
    project = await cliProject({
      checks: [{ name: 'Vandal', type: 'custom', command }],
      // By default the folder would be put back, and the rollback would succeed.
      undeclared: 'report',
    });
    const changed = await project.watch();
    const ended = await project.moult('run', await project.request(oneChange));
    expect(ended.code, ended.stdout + ended.stderr).toBe(3);
    expect(ended.stderr).toContain('[ROLLBACK_FAILED]');
    expect(ended.stderr).toContain('src/a.txt: ');
    const saved =
      /its bytes are saved in (.*)/.exec(ended.stderr)?.[1]?.replace(/ \[ROLLBACK_FAILED\]$/, '') ?? '';
    expect(await readFile(saved, 'utf8')).toBe('one\ntwo\n');
    expect(lastLine(ended)).toMatch(/^hint: Remove the obstacle, then run `moult rollback si-\d+`/);
    const [taskId = ''] = /si-\d+/.exec(lastLine(ended)) ?? [];

    const next = await project.moult('run', await project.request(oneChange), '--json');
    expect(next.code).toBe(3);
    expect(documentOf(next)).toMatchObject({ error: { code: 'ROLLBACK_FAILED' }, taskId });
    const again = await project.moult('rollback', taskId, '--json');
    expect(again.code).toBe(3);
    expect(documentOf(again)).toMatchObject({
      status: 'rollback_failed',
      hint: expect.any(String) as string,
    });
    const recovered = await project.moult('recover', '--json');
    expect(recovered.code).toBe(3);
    const status = await project.moult('status');
    expect(status.code).toBe(0);
    expect(status.stdout).toMatch(/status +the rollback failed/);

    await rm(path.join(project.root, 'src'));
    await rename(path.join(project.root, 'moved'), path.join(project.root, 'src'));
    const done = await project.moult('rollback', taskId);
    expect(done.code, done.stderr).toBe(0);
    expect(await changed()).toEqual([]);
    expect(await project.moult('status', '--json').then(documentOf)).toMatchObject({
      task: { status: 'rolled_back' },
    });
  });
});

/** Without root, or on a file system without the flag, there is no such obstacle to make. */
const canBeImmutable = (() => {
  const folder = mkdtempSync(path.join(tmpdir(), 'moult-chattr-'));
  try {
    execFileSync('chattr', ['+i', folder], { stdio: 'ignore' });
    execFileSync('chattr', ['-i', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
})();

describe.runIf(canBeImmutable)('an obstacle that the kernel protects (skipped without chattr +i)', () => {
  it.each([
    ['a planned file that became immutable', 'chattr +i src/a.txt; exit 1', 'src/a.txt'],
    [
      'an immutable folder in the place of a planned file',
      'rm src/a.txt && mkdir src/a.txt && echo mine > src/a.txt/mine.txt && chattr +i src/a.txt; exit 1',
      'src/a.txt',
    ],
  ])('%s: the bytes are kept, others are kept out, and the hint leads on', async (_, command, obstacle) => {
    project = await cliProject({ checks: [{ name: 'Vandal', type: 'custom', command, shell: true }] });
    const changed = await project.watch();
    const blocked = path.join(project.root, obstacle);
    let hint = '';
    try {
      const ended = await project.moult('run', await project.request(oneChange));
      expect(ended.code, ended.stdout + ended.stderr).toBe(3);
      expect(ended.stderr).toContain(`${obstacle}: `);
      const saved = /its bytes are saved in (.*)/
        .exec(ended.stderr)?.[1]
        ?.replace(/ \[ROLLBACK_FAILED\]$/, '');
      expect(await readFile(saved ?? '', 'utf8')).toBe('one\ntwo\n');
      hint = lastLine(ended);
      const next = await project.moult('run', await project.request(oneChange));
      expect(next.code).toBe(3);
      expect(lastLine(next)).toMatch(/^hint: .*moult rollback si-/);
    } finally {
      execFileSync('chattr', ['-i', blocked]);
    }
    const [, command_ = ''] = /`moult ([^`]+)`/.exec(hint) ?? [];
    const done = await project.moult(...command_.split(' '));
    expect(done.code, done.stderr).toBe(0);
    expect(await changed()).toEqual([]);
  });
});

describe('recover', () => {
  it('takes back what a killed process left', async () => {
    project = await cliProject((outside) => ({ checks: [slow(outside)] }));
    const changed = await project.watch();
    const running = project.start('run', await project.request(threeChanges));
    await project.mark('started');
    running.child.kill('SIGKILL');
    await running.ended;
    const status = await project.moult('status');
    expect(status).toMatchObject({ code: 0 });
    expect(status.stdout).toMatch(/status +interrupted \(was running the checks\)/);
    expect(status.stdout).toContain('moult recover');
    expect(await changed()).not.toEqual([]);
    const ended = await project.moult('recover');
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toMatch(
      /^si-\d+ was interrupted .*; now it is rolled back: every file is as it was/,
    );
    expect(await changed()).toEqual([]);
  });

  it('gives what it found as a document', async () => {
    project = await cliProject((outside) => ({ checks: [slow(outside)] }));
    const running = project.start('run', await project.request(oneChange));
    await project.mark('started');
    running.child.kill('SIGKILL');
    await running.ended;
    expect(documentOf(await project.moult('status', '--json'))).toMatchObject({
      task: { interrupted: true },
    });
    expect(documentOf(await project.moult('recover', '--json'))).toMatchObject({
      recovered: [{ foundIn: 'testing.running_checks', result: { status: 'rolled_back' } }],
    });
    expect(documentOf(await project.moult('recover', '--json', '--take-over-lock'))).toEqual({
      recovered: [],
    });
  });

  it('is done by the next command as well, before it judges the request, and says so', async () => {
    project = await cliProject((outside) => ({ checks: [slow(outside)] }));
    const request = await project.request(threeChanges);
    const running = project.start('run', request);
    await project.mark('started');
    running.child.kill('SIGKILL');
    await running.ended;
    await project.write('moult.config.json', JSON.stringify({ checks: [passing] }));
    const ended = await project.moult('run', request);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toMatch(/^Roll back si-\d+ \.\.\.\nRoll back done/);
    expect((await project.read('src/a.txt')).toString()).toBe('ONE\ntwo\n');
  });

  it('has nothing to do in a new project, and writes nothing there', async () => {
    project = await cliProject();
    expect(await project.moult('recover')).toMatchObject({
      code: 0,
      stdout: 'Nothing had to be recovered.\n',
    });
    expect(project.hasNoState()).toBe(true);
  });
});
