import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { nodeFileSystem as fileSystem } from '../../../src/ports/node-file-system.js';
import { killOrphans } from '../../../src/process/kill-orphans.js';
import { taskTag } from '../../../src/process/task-tag.js';

let folder: string;
let mark: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'moult-orphans-'));
  mark = `si-${process.pid}${Date.now()}${Math.floor(Math.random() * 1_000)}@1:2`;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(script: string, tag: string | undefined): ChildProcess & { pid: number } {
  const child = spawn('sh', ['-c', script], {
    cwd: folder,
    env: { ...process.env, [taskTag]: tag },
    detached: true,
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child as ChildProcess & { pid: number };
}
const pidFrom = async (name: string): Promise<number> => {
  const file = join(folder, name);
  await expect
    .poll(() => existsSync(file) && readFileSync(file, 'utf8').includes('\n'), { timeout: 30_000 })
    .toBe(true);
  return Number(readFileSync(file, 'utf8'));
};
const runs = (pid: number) => {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

describe.runIf(process.platform === 'linux')('killOrphans', () => {
  it('ends what was started for the task, and only that', async () => {
    const marked = start('exec sleep 70', mark);
    const others = [start('exec sleep 71', `${mark}1`), start('exec sleep 72', undefined)];
    expect(await killOrphans({ fileSystem, mark })).toEqual([marked.pid]);
    expect(runs(marked.pid)).toBe(false);
    expect(others.map(({ pid }) => runs(pid))).toEqual([true, true]);
  });

  it('finds a process in a session of its own whose parent is gone', async () => {
    const parent = start('setsid sh -c \'trap "" TERM HUP; echo $$ > pid; exec sleep 73\' & exit 0', mark);
    await once(parent, 'exit');
    const pid = await pidFrom('pid');
    expect(runs(pid)).toBe(true);
    expect(await killOrphans({ fileSystem, mark })).toEqual([pid]);
    expect(runs(pid)).toBe(false);
  });

  it('ends those that keep starting others', async () => {
    start('while :; do setsid sleep 74 & echo >> started; sleep 0.01; done', mark);
    const started = () => existsSync(join(folder, 'started')) && statSync(join(folder, 'started')).size;
    await expect.poll(started, { timeout: 30_000 }).toBeGreaterThan(10);
    const killed = await killOrphans({ fileSystem, mark });
    expect(killed.length).toBeGreaterThan(2);
    expect(await killOrphans({ fileSystem, mark })).toEqual([]);
  });

  it('spares itself and its ancestors', async () => {
    for (const name of ['kill-orphans', 'task-tag']) {
      const source = readFileSync(new URL(`../../../src/process/${name}.ts`, import.meta.url), 'utf8');
      const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
      const { outputText } = ts.transpileModule(source, { compilerOptions });
      writeFileSync(join(folder, `${name}.js`), outputText);
    }
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(
      join(folder, 'sweep.js'),
      `import { killOrphans } from './kill-orphans.js';
       import * as fileSystem from 'node:fs/promises';
       import { writeFileSync } from 'node:fs';
       writeFileSync('killed', JSON.stringify(await killOrphans({ fileSystem, mark: process.env.${taskTag} })));`,
    );
    const parent = start(`sleep 75 & echo $! > pid; "${process.execPath}" sweep.js; echo $? > code`, mark);
    const [code] = (await once(parent, 'exit')) as [number];
    expect(code).toBe(0);
    expect(readFileSync(join(folder, 'code'), 'utf8')).toBe('0\n');
    expect(JSON.parse(readFileSync(join(folder, 'killed'), 'utf8'))).toEqual([await pidFrom('pid')]);
  });

  it('finds nothing where there is nothing', async () => {
    expect(await killOrphans({ fileSystem, mark })).toEqual([]);
  });
});
