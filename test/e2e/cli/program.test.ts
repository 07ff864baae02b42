import { readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cliProject, oneChange, type CliProject } from './cli-project.js';
import { documentOf, lastLine, moult } from './moult.js';
import { hasTerminal, onTerminal } from './on-terminal.js';

let project: CliProject;
beforeEach(async () => (project = await cliProject(null)));
afterEach(() => project.remove());

const verbs =
  'run plan execute status approve reject cancel confirm rollback recover history show init supervise mcp'.split(
    ' ',
  );

describe('help and version', () => {
  it('lists every command, the exit codes and an example', async () => {
    for (const args of [['--help'], ['-h'], ['help']]) {
      const ended = await project.moult(...args);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      for (const verb of verbs) expect(ended.stdout).toMatch(new RegExp(`^  ${verb} `, 'm'));
      for (const code of ['0', '1', '2', '3', '4', '70', '75']) {
        expect(ended.stdout).toMatch(new RegExp(`^  ${code} +\\S`, 'm'));
      }
    }
  });

  it('tells of one command either way, with the options that all have', async () => {
    for (const args of [
      ['help', 'approve'],
      ['approve', '--help'],
    ]) {
      const { code, stdout } = await project.moult(...args);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Usage: moult approve .*<task>/);
      expect(stdout).toContain('--why <text>');
      expect(stdout).toContain('--root <dir>');
    }
  });

  it('tells the version of the package', async () => {
    const manifest = new URL('../../../package.json', import.meta.url);
    const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
    expect(await project.moult('--version')).toMatchObject({ code: 0, stdout: `${version}\n` });
    expect(documentOf(await project.moult('--version', '--json'))).toEqual({ version });
  });

  it('is one document with --json', async () => {
    expect(documentOf(await project.moult('--json', 'help', 'run'))).toEqual({
      help: expect.stringMatching(/^Usage: moult run/) as string,
    });
  });
});

describe('init', () => {
  const read = async () =>
    JSON.parse(await readFile(path.join(project.root, 'moult.config.json'), 'utf8')) as unknown;

  it('makes checks of the scripts that are there', async () => {
    const scripts = { build: 'tsc', test: 'vitest run', start: 'node .', lint: '' };
    await project.write('package.json', JSON.stringify({ scripts }));
    const ended = await project.moult('init');
    expect(ended.code, ended.stderr).toBe(0);
    expect(await read()).toEqual({
      checks: [
        { name: 'TypeScript Build', type: 'build', required: true },
        { name: 'Unit Tests', type: 'test', required: true },
      ],
    });
    expect(ended.stdout).toMatch(/^Wrote moult\.config\.json:\n/);
    expect(ended.stdout).toContain('"Unit Tests"');
    expect(await project.moult('status')).toMatchObject({ code: 0 });
  });

  it('writes an example that cannot pass where there are no scripts', async () => {
    const ended = await project.moult('init', '--json');
    expect(ended.code).toBe(0);
    expect(documentOf(ended)).toEqual({
      created: path.join(project.root, 'moult.config.json'),
      config: await read(),
      hint: expect.stringContaining('Put your own command') as string,
    });
    const run = await project.moult('run', await project.request(oneChange));
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('did not run');
  });

  it.each([
    ['moult.config.json', 'not even JSON'],
    ['moult.config.js', 'export default {}'],
    ['moult.config.mjs', 'export default {}'],
    ['package.json', '{"moult":{}}'],
  ])('does not overwrite %s', async (name, content) => {
    await project.write(name, content);
    const changed = await project.watch();
    const ended = await project.moult('init', '--json');
    expect(ended.code).toBe(2);
    expect(documentOf(ended)).toMatchObject({ error: { code: 'CONFIG_EXISTS' } });
    expect(lastLine(ended)).toMatch(/^hint: /);
    expect(await changed()).toEqual([]);
  });

  it('says when package.json is not JSON', async () => {
    await project.write('package.json', '{');
    expect(documentOf(await project.moult('init', '--json'))).toMatchObject({
      error: { code: 'CONFIG_UNREADABLE' },
    });
  });
});

describe('what nobody expected', () => {
  it('ends with 70, a hint, and the stack only when asked for', async () => {
    // State that only a bug or a damaged disk leaves.
    await project.write('.git/moult/tasks', 'not a folder');
    const ended = await project.moult('status', '--json');
    expect(ended.code).toBe(70);
    expect(documentOf(ended)).toMatchObject({
      error: { code: 'UNEXPECTED', message: expect.stringContaining('ENOTDIR') as string },
    });
    expect(ended.stderr).not.toContain('    at ');
    expect(lastLine(ended)).toMatch(/^hint: /);
    const debugged = await moult(['status'], { cwd: project.root, env: { DEBUG: 'moult' } });
    expect(debugged.stderr).toMatch(/\n {4}at /);
    expect(lastLine(debugged)).toMatch(/^hint: /);
  });

  it('thrown where nobody catches it, it leaves the rest to recover', async () => {
    const command = `node -e "setTimeout(()=>{},20000)"`;
    await project.write(
      'moult.config.mjs',
      `if (process.argv[2] === 'run') setTimeout(() => { throw new Error('stray'); }, 4000);
      export default { checks: [{ name: 'Slow', type: 'custom', command: ${JSON.stringify(command)} }] };`,
    );
    const changed = await project.watch();
    const ended = await project.moult('run', await project.request(oneChange), '--json');
    expect(ended.code).toBe(70);
    expect(documentOf(ended)).toMatchObject({ error: { code: 'UNEXPECTED', message: 'Error: stray' } });
    expect(lastLine(ended)).toContain('moult status');
    expect((await project.moult('status')).stdout).toContain('moult recover');
    expect(await project.moult('recover')).toMatchObject({ code: 0 });
    expect(await changed()).toEqual([]);
  });
});

describe('colours', () => {
  const coloured = /\u001b\[\d+m/;
  const status = (env: Record<string, string>, ...args: string[]) =>
    moult(['status', 'si-1', ...args], { cwd: project.root, env });

  it('are off beside a terminal, and on by FORCE_COLOR unless told otherwise', async () => {
    expect((await status({})).stderr).not.toMatch(coloured);
    expect((await status({ FORCE_COLOR: '1' })).stderr).toMatch(coloured);
    expect((await status({ FORCE_COLOR: '1' }, '--no-color')).stderr).not.toMatch(coloured);
    expect((await status({ FORCE_COLOR: '0' })).stderr).not.toMatch(coloured);
  });

  it.skipIf(!hasTerminal)('are on at a terminal, and off by NO_COLOR', async () => {
    expect((await onTerminal(['status', 'si-1'], { cwd: project.root })).stdout).toMatch(coloured);
    const plain = await onTerminal(['status', 'si-1'], { cwd: project.root, env: { NO_COLOR: '1' } });
    expect(plain.stdout).not.toMatch(coloured);
  });
});

describe.skipIf(!hasTerminal)('a terminal', () => {
  async function runOn(size: { columns: number; rows: number; env?: Record<string, string> }) {
    const command = `node -e "console.log('a line that is longer than any narrow terminal, 日本語');setTimeout(()=>{},400)"`;
    const checks = ['One', 'Two'].map((name) => ({ name, type: 'custom', command }));
    await writeFile(path.join(project.root, 'moult.config.json'), JSON.stringify({ checks }));
    const request = await project.request(oneChange);
    const ended = await onTerminal(['run', request], { cwd: project.root, ...size });
    expect(ended.code, ended.stdout).toBe(0);
    return ended.stdout;
  }

  it('shows the steps as they go, and in the end only the summary', async () => {
    const shown = await runOn({ columns: 80, rows: 24 });
    expect(shown).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]\u001b\[39m Check One/);
    expect(shown).toContain('a line that is longer');
    expect(shown).toContain('\u001b[?25l');
    const [, end = ''] = shown.split('\u001b[?25h');
    expect(end).toMatch(/Done/);
    expect(end).not.toContain('\u001b[0J');
    // The last thing that is done to the list is to take it away.
    expect(shown.split('\u001b[?25h')[0]).toMatch(/\u001b\[0J$/);
  });

  it('is never written to beyond its width and height', async () => {
    const shown = await runOn({ columns: 24, rows: 5 });
    const frames = (shown.split('\u001b[?25h')[0] ?? '').split(/\u001b\[\d+A\r\u001b\[0J/);
    expect(frames.length).toBeGreaterThan(3);
    for (const frame of frames) {
      const lines = frame.replaceAll(/\u001b\[\??[\d;]*[a-zA-Z]/g, '').split('\r\n');
      expect(lines.length).toBeLessThanOrEqual(5);
      for (const line of lines) expect(line.length, line).toBeLessThan(24);
    }
  });

  it('that is dumb gets lines', async () => {
    const shown = await runOn({ columns: 80, rows: 24, env: { TERM: 'dumb' } });
    expect(shown).toContain('Check "One" passed');
    expect(shown).not.toContain('\u001b');
  });
});
