import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cliProject, passing, type CliProject } from './cli-project.js';
import { documentOf } from './moult.js';

let project: CliProject;
afterEach(() => project.remove());

/** Three improvements, of which only the newest is to be kept; nothing is removed before the call of `gc`. */
async function threeImprovements(): Promise<string[]> {
  project = await cliProject({ checks: [passing] });
  const taskIds: string[] = [];
  for (const content of ['1\n', '2\n', '3\n']) {
    const request = { description: 'x', changes: [{ file: 'src/a.txt', type: 'modify', content }] };
    const ended = await project.moult('run', await project.request(request), '--json');
    taskIds.push(String(documentOf(ended).taskId));
  }
  const retention = { keepLast: 1, maxBytes: 0 };
  await project.write('moult.config.json', JSON.stringify({ checks: [passing], retention }));
  return taskIds;
}

const idsOf = (value: unknown) => (value as { taskId: string }[]).map(({ taskId }) => taskId);
const folderExists = (taskId: string) => existsSync(path.join(project.root, '.git/moult/tasks', taskId));

describe('gc', () => {
  it('removes old improvements, which cannot be rolled back any more', async () => {
    const [first, second, third] = (await threeImprovements()) as [string, string, string];
    const ended = await project.moult('gc');
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toMatch(
      /^Removed 2 improvements, [\d.]+ KiB:\n {2}si-\d+ {2}[^\n]+\n {2}si-\d+ {2}[^\n]+\nWhat is kept takes [\d.]+ KiB\.\n$/,
    );
    expect([first, second, third].map(folderExists)).toEqual([false, false, true]);
    const refused = await project.moult('rollback', first, '--json');
    expect(refused.code).toBe(2);
    expect(documentOf(refused)).toMatchObject({ error: { code: 'TASK_UNKNOWN' } });
    const again = await project.moult('gc');
    expect(again.stdout).toMatch(/^Nothing had to be removed\. What is kept takes /);
    expect((await project.moult('rollback', third)).code).toBe(0);
    expect((await project.read('src/a.txt')).toString()).toBe('2\n');
  });

  it('only says what it would remove with --dry-run', async () => {
    const [first, second, third] = (await threeImprovements()) as [string, string, string];
    const ended = await project.moult('gc', '--dry-run', '--json');
    expect(ended.code, ended.stderr).toBe(0);
    const document = documentOf(ended);
    expect(document).toMatchObject({ dryRun: true });
    expect(idsOf(document.removed)).toEqual([first, second]);
    expect([first, second, third].map(folderExists)).toEqual([true, true, true]);
    expect((await project.moult('gc', '--dry-run')).stdout).toMatch(/^Would remove 2 improvements, /);
    const real = documentOf(await project.moult('gc', '--json'));
    expect(real).toEqual({ ...document, dryRun: false });
  });

  it('makes no state where there is none', async () => {
    project = await cliProject();
    const ended = await project.moult('gc', '--json');
    expect(ended.code, ended.stderr).toBe(0);
    expect(documentOf(ended)).toEqual({ dryRun: false, removed: [], freedBytes: 0, keptBytes: 0 });
    expect(project.hasNoState()).toBe(true);
  });

  it('refuses while another process is at work, touching nothing', async () => {
    const [first] = await threeImprovements();
    const { outside } = project;
    const slow = {
      name: 'Slow',
      type: 'custom',
      command: `node -e "require('fs').writeFileSync('${outside}/started','');setTimeout(()=>{},40000)"`,
    };
    const retention = { keepLast: 1, maxBytes: 0 };
    await project.write('moult.config.json', JSON.stringify({ checks: [slow], retention }));
    const request = { description: 'x', changes: [{ file: 'src/a.txt', type: 'modify', content: '4\n' }] };
    const running = project.start('run', await project.request(request));
    await project.mark('started');
    const refused = await project.moult('gc', '--json');
    expect(refused.code).toBe(75);
    expect(documentOf(refused)).toMatchObject({ error: { code: 'LOCK_HELD' } });
    running.child.kill('SIGINT');
    await running.ended;
    // That improvement ended, and with it the old ones went.
    expect(folderExists(first as string)).toBe(false);
  });
});
