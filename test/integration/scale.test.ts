import * as fs from 'node:fs';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import type { FileSystem } from '../../src/ports/file-system.js';
import { nodeFileSystem } from '../../src/ports/node-file-system.js';
import { hookedFileSystem } from './support/hooked-file-system.js';
import { failing, testProject, type TestProject } from './support/project.js';

// Times differ from machine to machine; how many calls something makes does not. `test/bench/scale.mjs` measures times.

const plain = { description: 'x', targetFiles: [], requiresRestart: false };

/** A file system that counts its calls, and the names that its listings gave. */
function counting(): { fileSystem: FileSystem; count: { calls: number; names: number } } {
  const count = { calls: 0, names: 0 };
  const hooked = hookedFileSystem(() => void (count.calls += 1));
  const readdir = async (...args: Parameters<FileSystem['readdir']>) => {
    const names = await nodeFileSystem.readdir(...args);
    count.calls += 1;
    count.names += names.length;
    return names;
  };
  const fileSystem = new Proxy(hooked, {
    get: (target, name) => (name === 'readdir' ? readdir : (Reflect.get(target, name) as unknown)),
  });
  return { fileSystem, count };
}

/** A third of the files each to be modified, deleted and created. */
function wide(project: TestProject, third: number) {
  const name = (index: number) => `wide/d${index % 10}/f${index}.txt`;
  for (let folder = 0; folder < 10; folder += 1)
    fs.mkdirSync(project.at(`wide/d${folder}`), { recursive: true });
  for (let index = 0; index < 2 * third; index += 1) fs.writeFileSync(project.at(name(index)), `${index}\n`);
  const changes = Array.from({ length: 3 * third }, (_, index) => {
    if (index < third) return { file: name(index), type: 'modify' as const, content: `new ${index}\n` };
    if (index < 2 * third) return { file: name(index), type: 'delete' as const };
    return { file: `made/${name(index)}`, type: 'create' as const, content: `made ${index}\n` };
  });
  const contents = () =>
    Array.from({ length: 2 * third }, (_, index) => fs.readFileSync(project.at(name(index)), 'utf8'));
  return { changes, contents, expected: Array.from({ length: 2 * third }, (_, index) => `${index}\n`) };
}

/** What planning, executing and rolling back so many files costs. */
async function costOf(third: number): Promise<{ calls: number; names: number }> {
  const project = await testProject();
  const { changes, contents, expected } = wide(project, third);
  const { fileSystem, count } = counting();
  const service = project.service({ fileSystem });
  const taskId = await service.planImprovement({ ...plain, changes });
  const { success, changesApplied } = await service.executeImprovement();
  expect([success, changesApplied.length]).toEqual([true, 3 * third]);
  for (const { file, type, content } of changes) {
    const now = fs.existsSync(project.at(file)) ? fs.readFileSync(project.at(file), 'utf8') : undefined;
    expect(now, file).toBe(type === 'delete' ? undefined : content);
  }
  const { status, rollbackPerformed } = await service.rollbackImprovement(taskId);
  expect([status, rollbackPerformed]).toEqual(['rolled_back', true]);
  expect(contents()).toEqual(expected);
  await project.expectUntouched(['wide']);
  return { ...count };
}

describe('a large plan', () => {
  it('costs so much for each file, and no more for there being many', async () => {
    const [small, large] = [await costOf(50), await costOf(400)];
    // Eight times the files.
    expect(large.calls).toBeLessThan(small.calls * 9);
    expect(large.names).toBeLessThan(small.names * 9);
  }, 120_000);

  it.runIf(process.platform === 'linux')(
    'keeps few files open',
    async () => {
      const project = await testProject();
      const { changes } = wide(project, 300);
      let most = 0;
      const fileSystem = hookedFileSystem(() => {
        most = Math.max(most, fs.readdirSync('/proc/self/fd').length);
      });
      const first = fs.readdirSync('/proc/self/fd').length;
      const service = project.service({ fileSystem });
      await service.planImprovement({ ...plain, changes });
      expect((await service.executeImprovement()).success).toBe(true);
      expect(most - first).toBeLessThan(200);
      expect(fs.readdirSync('/proc/self/fd').length).toBeLessThan(first + 10);
    },
    120_000,
  );
});

describe('a large file', () => {
  it.each([
    { file: 'large.bin', type: 'modify' as const, mode: '0600' },
    { file: 'large.bin', type: 'delete' as const },
  ])(
    'is never held in memory: $type',
    async (change) => {
      const project = await testProject();
      const sizeBytes = 256 * 2 ** 20;
      fs.writeFileSync(project.at('large.bin'), 'x', { mode: 0o644 });
      fs.truncateSync(project.at('large.bin'), sizeBytes);
      const start = process.memoryUsage.rss();
      let most = start;
      const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
      const service = project.service();
      const taskId = await service.planImprovement({ ...plain, changes: [change] });
      expect((await service.executeImprovement()).success).toBe(true);
      await service.rollbackImprovement(taskId);
      clearInterval(timer);
      expect(fs.statSync(project.at('large.bin')).size).toBe(sizeBytes);
      expect(fs.statSync(project.at('large.bin')).mode & 0o777).toBe(0o644);
      expect(most - start).toBeLessThan(sizeBytes / 2);
      await project.expectUntouched(['large.bin']);
    },
    120_000,
  );
});

describe('a file that is larger than a new one may be', () => {
  it.each([
    { edits: [{ oldText: 'x', newText: 'y' }] },
    { patch: '--- a/large.txt\n+++ b/large.txt\n@@ -1 +1 @@\n-x\n+y\n' },
  ])('is not read to be edited: %j', async (how) => {
    const project = await testProject({ git: false });
    fs.writeFileSync(project.at('large.txt'), 'x');
    fs.truncateSync(project.at('large.txt'), 4096);
    const service = project.service({ config: { checks: failing, limits: { fileBytes: 4095 } } });
    const planned = service.planImprovement({
      ...plain,
      changes: [{ file: 'large.txt', type: 'modify', ...how }],
    });
    await expect(planned).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      details: { limit: 'fileBytes', path: 'large.txt', found: 4096 },
    });
  });
});

describe('a long history', () => {
  it('makes no plan and no execution dearer', async () => {
    const project = await testProject();
    const retention = { maxAgeMs: Number.MAX_SAFE_INTEGER, keepLast: 10_000 };
    const config = { checks: [{ name: 'a', type: 'custom', command: 'true', required: true }], retention };
    const improve = async (): Promise<number> => {
      const { fileSystem, count } = counting();
      const service = project.service({ config, fileSystem });
      const change = { file: 'history.txt', type: 'create' as const, content: 'x' };
      const taskId = await service.planImprovement({ ...plain, changes: [change] });
      expect((await service.executeImprovement()).success).toBe(true);
      await service.rollbackImprovement(taskId);
      return count.calls;
    };
    await improve();
    const few = await improve();
    const tasks = path.join(project.stateDirectory, 'tasks');
    const [first = ''] = fs.readdirSync(tasks);
    // Their contents would be refused, so whoever reads them fails.
    for (let index = 1; index <= 1000; index += 1)
      fs.cpSync(path.join(tasks, first), path.join(tasks, `si-${index}`), { recursive: true });
    const begun = performance.now();
    const many = await improve();
    expect(many - few).toBeLessThan(10);
    expect(performance.now() - begun).toBeLessThan(20_000);
  }, 120_000);
});
