import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cliProject, oneChange, type CliProject } from './cli-project.js';
import { documentOf, start } from './moult.js';

let project: CliProject;
afterEach(() => project.remove());

const planned = async () =>
  String(documentOf(await project.moult('plan', await project.request(oneChange), '--json')).taskId);

async function serving(...args: string[]) {
  const { child, ended } = start(['inspect', ...args], { cwd: project.root });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      const found = /http:\/\/[^\s"]+/.exec(chunk.toString());
      if (found) resolve(found[0]);
    });
    void ended.then(({ stderr }) => reject(new Error(stderr)));
  });
  return {
    child,
    ended,
    url,
    json: async (address: string) => (await fetch(`${url}${address}`)).json(),
  };
}

describe('inspect', () => {
  it('prints an address, serves this machine, and ends when it is told to', async () => {
    project = await cliProject();
    const taskId = await planned();
    const { child, ended, url, json } = await serving(taskId);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/);
    expect(await json('api/session')).toMatchObject({ task: taskId, actionsAllowed: false, live: true });
    expect(await json(`api/improvements/${taskId}`)).toMatchObject({ state: 'planning.ready' });
    expect((await fetch(url)).status).toBe(200);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect([code, stdout]).toEqual([0, `${url}\n`]);
    expect(stderr).toContain('keep it to yourself');
  });

  it('acts when it is allowed to, under the name of the user', async () => {
    project = await cliProject();
    const taskId = await planned();
    const { child, ended, url } = await serving('--allow-actions', '--json');
    const answer = await fetch(`${url}api/improvements/${taskId}/actions/cancel`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(await answer.json()).toMatchObject({ done: true, state: 'cancelled' });
    child.kill('SIGTERM');
    expect(documentOf(await ended)).toEqual({ url });
  });

  it('writes a report', async () => {
    project = await cliProject();
    const taskId = await planned();
    const { file } = documentOf(await project.moult('inspect', '--export', 'report.html', '--json'));
    expect(file).toBe(path.join(project.root, 'report.html'));
    expect(readFileSync(String(file), 'utf8')).toContain(taskId);
  });

  it('refuses what cannot be', async () => {
    project = await cliProject();
    for (const args of [
      ['--port', 'x'],
      ['--port', '70000'],
      ['--state-dir', '.', '--allow-actions'],
      ['--state-dir', '.'],
      ['si-1'],
    ]) {
      const { code, stderr } = await project.moult('inspect', ...args);
      expect([code, /\nhint: /.test(stderr)], args.join(' ')).toEqual([2, true]);
    }
  });
});

describe('machine', () => {
  it('prints each machine in each format', async () => {
    project = await cliProject();
    const begins = { mermaid: /^stateDiagram-v2\n/, svg: /^<svg /, json: /^\{\n/ };
    for (const [format, begin] of Object.entries(begins)) {
      for (const name of ['improvement', 'restart']) {
        const { code, stdout } = await project.moult('machine', name, '--format', format);
        expect(code).toBe(0);
        expect(stdout).toMatch(begin);
      }
    }
    expect((await project.moult('machine', 'nothing')).code).toBe(2);
    expect((await project.moult('machine', '--format', 'png')).code).toBe(2);
  });
});
