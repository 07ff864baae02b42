import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Clock } from '../../src/ports/clock.js';
import { systemClock } from '../../src/ports/clock.js';
import type { ServiceOptions } from '../../src/service/service-options.js';
import { diffManifests } from '../../src/testing/diff-manifests.js';
import { manifest } from '../../src/testing/manifest.js';
import { CollectingLogger } from './support/collecting-logger.js';
import { hookedFileSystem, systemError } from './support/hooked-file-system.js';
import { failing, passing, testProject, type TestProject } from './support/project.js';

const dayMs = 24 * 3_600_000;

/** Days pass as the test says. */
class Calendar implements Clock {
  private nowMs = Date.parse('2026-01-01T00:00:00Z');
  now = () => (this.nowMs += 1);
  schedule = (delayMs: number, callback: () => void) => systemClock.schedule(delayMs, callback);
  pass(days: number): void {
    this.nowMs += days * dayMs;
  }
}

interface Retention {
  maxAgeMs?: number;
  maxBytes?: number;
  keepLast?: number;
}

/** Keeps everything, so that the test decides what goes and when. */
const everything = { maxAgeMs: Number.MAX_SAFE_INTEGER, keepLast: 1000 };

class History {
  readonly clock = new Calendar();
  readonly logger = new CollectingLogger();
  private turn = 0;

  constructor(readonly project: TestProject) {}

  service(retention: Retention, options: ServiceOptions & { checks?: object[]; restart?: never } = {}) {
    const { checks = passing, config, ...rest } = options;
    return this.project.service({
      clock: this.clock,
      logger: this.logger,
      ...rest,
      config: { checks, retention, ...config },
    });
  }

  /** One more improvement that came to its end. */
  async add(
    retention: Retention = everything,
    bytes = 10,
    checks: object[] = passing,
    config: Record<string, unknown> = {},
  ): Promise<string> {
    const service = this.service(retention, { checks, config });
    const content = `${(this.turn += 1)}`.padEnd(bytes, '.');
    const taskId = await service.planImprovement({
      description: `turn ${this.turn}`,
      targetFiles: [],
      requiresRestart: false,
      changes: [{ file: 'src/a.ts', type: 'modify', content }],
    });
    await service.executeImprovement(taskId);
    return taskId;
  }

  get folders(): string[] {
    return fs.readdirSync(path.join(this.project.stateDirectory, 'tasks')).sort();
  }

  /** The improvements that have refs: for the checkpoint, and for the look before the checks. */
  get refs(): string[] {
    const names = fs.readdirSync(this.store('refs/checkpoints'));
    return [...new Set(names.map((name) => name.replace(/-checks$/, '')))].sort();
  }

  store(name: string): string {
    return path.join(this.project.stateDirectory, 'checkpoints.git', name);
  }

  /** Throws unless the store of the checkpoints is whole, and holds nothing that none of them needs. */
  async expectTidyStore(): Promise<void> {
    const git = (...args: string[]) => this.project.git(['--git-dir', this.store('.'), ...args]);
    await git('fsck', '--full', '--strict', '--no-dangling');
    const needed = await git('rev-list', '--objects', '--no-object-names', '--all');
    expect(this.objects.filter((oid) => !needed.includes(oid))).toEqual([]);
  }

  /** The objects of our own store. */
  get objects(): string[] {
    const groups = fs.readdirSync(this.store('objects')).filter((name) => /^..$/.test(name));
    return groups.flatMap((group) =>
      fs.readdirSync(this.store(`objects/${group}`)).map((rest) => group + rest),
    );
  }
}

const history = async () => new History(await testProject());
const idsOf = ({ removed }: { removed: { taskId: string }[] }) => removed.map(({ taskId }) => taskId);

describe('a collection', () => {
  it('removes by age, counted from the end of an improvement, and keeps the newest', async () => {
    const past = await history();
    const [a, b] = [await past.add(), await past.add()];
    past.clock.pass(31);
    const [c, d] = [await past.add(), await past.add()];
    expect(idsOf(await past.service({ keepLast: 3 }).collectGarbage())).toEqual([a]);
    expect(idsOf(await past.service({ keepLast: 2 }).collectGarbage())).toEqual([b]);
    expect(idsOf(await past.service({ keepLast: 0 }).collectGarbage())).toEqual([]);
    past.clock.pass(29);
    expect(idsOf(await past.service({ keepLast: 0 }).collectGarbage())).toEqual([]);
    past.clock.pass(2);
    expect(idsOf(await past.service({ keepLast: 1 }).collectGarbage())).toEqual([c]);
    expect(past.folders).toEqual([d]);
  });

  it('counts the age from the rollback, where there was one', async () => {
    const past = await history();
    const a = await past.add();
    past.clock.pass(31);
    await past.service(everything).rollbackImprovement(a);
    expect(idsOf(await past.service({ keepLast: 0 }).collectGarbage())).toEqual([]);
    past.clock.pass(31);
    expect(idsOf(await past.service({ keepLast: 0 }).collectGarbage())).toEqual([a]);
  });

  it('removes by size, oldest first, until the rest fits, and says how much it was', async () => {
    const past = await history();
    const ids: string[] = [];
    for (let turn = 0; turn < 4; turn += 1) ids.push(await past.add(everything, 200_000));
    const { keptBytes } = await past.service({ ...everything, keepLast: 0 }).collectGarbage();
    // The first one's before-image is a small file.
    expect(keptBytes).toBeGreaterThan(4 * 200_000 + 3 * 200_000);
    const garbage = await past.service({ maxBytes: 1_000_000, keepLast: 0 }).collectGarbage();
    expect(idsOf(garbage)).toEqual(ids.slice(0, 2));
    expect(garbage.freedBytes).toBe(garbage.removed.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(garbage.keptBytes).toBe(keptBytes - garbage.freedBytes);
    expect(garbage.keptBytes).toBeLessThanOrEqual(1_000_000);
    expect(past.folders).toEqual(ids.slice(2));
  });

  it('leaves nothing of a removed improvement, and touches nothing else', async () => {
    const past = await history();
    const before = await manifest(past.project.top);
    const ids = [await past.add(), await past.add(), await past.add()];
    expect(past.refs).toEqual(ids);
    const user = await manifest(past.project.top);
    await past.service({ maxBytes: 0, keepLast: 1 }).collectGarbage();
    expect(past.folders).toEqual([ids[2]]);
    expect(past.refs).toEqual([ids[2]]);
    await past.expectTidyStore();
    expect(diffManifests(user, await manifest(past.project.top))).toEqual([]);
    await past.service(everything).rollbackImprovement(ids[2] as string);
    await past.service({ maxBytes: 0, keepLast: 0 }).collectGarbage();
    expect([past.folders, past.refs]).toEqual([[], []]);
    expect(past.objects).toEqual([]);
    const rest = diffManifests(before, await manifest(past.project.top), { ignore: ['src/a.ts'] });
    expect(rest).toEqual([]);
    await past.add();
    await expect(past.service(everything).rollbackImprovement(ids[0] as string)).rejects.toMatchObject({
      code: 'TASK_UNKNOWN',
    });
  });

  it('keeps what checkpoints that stay still need', async () => {
    const past = await history();
    // Untracked: its bytes are in our store only.
    fs.writeFileSync(past.project.at('mine.txt'), 'mine\n');
    const [a, b] = [await past.add(), await past.add()];
    await past.service({ maxBytes: 0, keepLast: 1 }).collectGarbage();
    expect(past.refs).toEqual([b]);
    const git = (...args: string[]) => past.project.git(['--git-dir', past.store('.'), ...args]);
    expect(await git('show', `refs/checkpoints/${b}:mine.txt`)).toBe('mine\n');
    expect(await git('show', `refs/checkpoints/${b}:src/a.ts`)).toMatch(/^1\.+$/);
    await past.expectTidyStore();
    expect(a).not.toBe(b);
  });

  it('only says so as a dry run', async () => {
    const past = await history();
    const ids = [await past.add(), await past.add()];
    const all = await manifest(past.project.stateDirectory);
    const service = past.service({ maxBytes: 0, keepLast: 1 });
    const said = await service.collectGarbage({ dryRun: true });
    expect(idsOf(said)).toEqual([ids[0]]);
    expect(diffManifests(all, await manifest(past.project.stateDirectory))).toEqual([]);
    expect(await service.collectGarbage()).toEqual(said);
  });

  it('makes no state where there is none', async () => {
    const past = await history();
    const nothing = { removed: [], freedBytes: 0, keptBytes: 0 };
    expect(await past.service({}).collectGarbage()).toEqual(nothing);
    expect(fs.existsSync(past.project.stateDirectory)).toBe(false);
  });
});

describe('never removed is', () => {
  const none = { maxAgeMs: 0, maxBytes: 0, keepLast: 0 };

  it('a plan', async () => {
    const past = await history();
    const service = past.service(everything);
    const request = { description: 'x', targetFiles: [], requiresRestart: false };
    const changes = [{ file: 'src/a.ts', type: 'delete' as const }];
    const taskId = await service.planImprovement({ ...request, changes });
    past.clock.pass(100);
    expect(idsOf(await past.service(none).collectGarbage())).toEqual([]);
    expect((await service.executeImprovement(taskId)).success).toBe(true);
  });

  it('one that waits for confirmation', async () => {
    const past = await history();
    const config = { restart: { requireConfirmation: true }, restartTriggers: ['**'] };
    const service = past.service(everything, { config, restart: { scheduleRestart() {} } as never });
    const taskId = await service.planImprovement({
      description: 'x',
      targetFiles: [],
      requiresRestart: true,
      changes: [{ file: 'src/a.ts', type: 'delete' }],
    });
    expect((await service.executeImprovement(taskId)).status).toBe('awaiting_confirmation');
    past.clock.pass(100);
    expect(idsOf(await past.service(none).collectGarbage())).toEqual([]);
    await service.rollbackImprovement(taskId);
    await past.project.expectUntouched();
  });

  it('one whose rollback failed, until it is taken back', async () => {
    const past = await history();
    const vandal = [
      {
        name: 'vandal',
        type: 'custom',
        required: true,
        command: `node -e "fs.renameSync('src','moved');fs.symlinkSync('/','src');process.exit(1)"`,
      },
    ];
    // By default the folder would be put back, and the rollback would succeed.
    const taskId = await past.add(everything, 10, vandal, { undeclared: 'report' });
    expect((await past.service(everything).describeImprovement()).status).toBe('rollback_failed');
    past.clock.pass(100);
    const garbage = await past.service(none).collectGarbage();
    expect(idsOf(garbage)).toEqual([]);
    fs.rmSync(past.project.at('src'));
    fs.renameSync(past.project.at('moved'), past.project.at('src'));
    expect((await past.service(everything).rollbackImprovement(taskId)).status).toBe('rolled_back');
    await past.project.expectUntouched();
    past.clock.pass(100);
    expect(idsOf(await past.service(none).collectGarbage())).toEqual([taskId]);
  });

  it('one in which files lie that were moved aside, until somebody took them', async () => {
    const past = await history();
    const taskId = await past.add();
    fs.writeFileSync(past.project.at('src/a.ts'), 'my later work\n');
    const { displaced } = await past.service(everything).rollbackImprovement(taskId, { force: true });
    past.clock.pass(100);
    expect(idsOf(await past.service(none).collectGarbage())).toEqual([]);
    const [{ savedAt } = { savedAt: '' }] = displaced;
    expect(fs.readFileSync(savedAt, 'utf8')).toBe('my later work\n');
    fs.rmSync(savedAt);
    expect(idsOf(await past.service(none).collectGarbage())).toEqual([taskId]);
  });

  it('one that cannot be read, and it is said', async () => {
    const past = await history();
    const taskId = await past.add();
    fs.writeFileSync(path.join(past.project.stateDirectory, 'tasks', taskId, 'snapshot.json'), 'x\ny\n');
    past.clock.pass(100);
    expect(idsOf(await past.service(none).collectGarbage())).toEqual([]);
    expect(past.folders).toEqual([taskId]);
    expect(past.logger.lines.join('\n')).toContain(`${taskId} is kept`);
  });
});

describe('after an improvement ended', () => {
  it.each([
    ['completed', passing],
    ['rolled back', failing],
  ])('and was %s, the old ones go by themselves', async (_, checks) => {
    const past = await history();
    const ids = [await past.add(), await past.add(), await past.add()];
    ids.push(await past.add({ maxBytes: 0, keepLast: 2 }, 10, checks));
    expect(past.folders).toEqual(ids.slice(2));
    expect(past.refs).toEqual(ids.slice(2));
  });

  it('nothing is looked at file by file while there are few', async () => {
    const past = await history();
    await past.add();
    let listings = 0;
    let isOver = false;
    const fileSystem = hookedFileSystem((call) => {
      if (isOver && call === 'readdir') listings += 1;
    });
    const onProgress = ({ type, state }: { type: string; state?: string }) => {
      if (type === 'state' && state === 'completed') isOver = true;
    };
    const service = past.service({ keepLast: 5 }, { fileSystem, onProgress: onProgress });
    const changes = [{ file: 'src/b.ts', type: 'delete' as const }];
    await service.planImprovement({ description: 'x', targetFiles: [], requiresRestart: false, changes });
    await service.executeImprovement();
    expect(isOver).toBe(true);
    expect(listings).toBeLessThan(6);
  });

  it('what fails is reported, and the improvement stands', async () => {
    const past = await history();
    const [a] = [await past.add(), await past.add()];
    const fileSystem = hookedFileSystem((call, [from]) => {
      if (call === 'rename' && String(from).endsWith(a)) throw systemError('EIO');
    });
    const service = past.service({ maxBytes: 0, keepLast: 1 }, { fileSystem });
    const changes = [{ file: 'src/b.ts', type: 'delete' as const }];
    await service.planImprovement({ description: 'x', targetFiles: [], requiresRestart: false, changes });
    expect((await service.executeImprovement()).success).toBe(true);
    expect(past.logger.lines.join('\n')).toMatch(/warn \[moult\] old improvements could not be removed: EIO/);
    expect(past.folders).toContain(a);
    expect(idsOf(await past.service({ maxBytes: 0, keepLast: 1 }).collectGarbage())).toContain(a);
  });
});

describe('a collection that is cut off', () => {
  it('before any of its calls leaves a history that is whole, and is finished by the next', async () => {
    const past = await history();
    const ids = [await past.add(), await past.add(), await past.add()];
    const rest = copyOf(past);
    let isDone = false;
    for (let calls = 0; !isDone; calls += 1) {
      rest.restore();
      let left = calls;
      let isCut = false;
      const changing = ['rename', 'rm', 'unlink', 'rmdir', 'writeFile', 'open', 'openDirectory'];
      // The process lives on in this test, so it has to give its lock back.
      const fileSystem = hookedFileSystem((call, [file]) => {
        if (!changing.includes(call) || String(file).includes('/lock')) return;
        if ((left -= 1) < 0) isCut = true;
        if (isCut) throw systemError('EIO');
      });
      const retention = { maxBytes: 0, keepLast: 1 };
      const cut = past.service(retention, { fileSystem }).collectGarbage();
      await cut.catch(() => undefined);
      isDone = !isCut;
      const listed = await past.service(everything).listImprovements();
      expect(ids).toEqual(expect.arrayContaining(listed.map(({ taskId }) => taskId)));
      for (const { taskId } of listed) await past.service(everything).describeImprovement(taskId);
      await past.service(retention).collectGarbage();
      expect(past.folders, `after ${calls} calls`).toEqual([ids[2]]);
      expect(past.refs).toEqual([ids[2]]);
      await past.expectTidyStore();
    }
  });
});

it('drafts and halves of removed improvements are cleared away, other names are not', async () => {
  const past = await history();
  const taskId = await past.add();
  const make = (name: string) =>
    fs.mkdirSync(path.join(past.project.stateDirectory, 'tasks', name, 'before'), { recursive: true });
  ['si-1.draft', 'si-2.removed', 'si-3.damaged', 'mine.draft'].forEach(make);
  await past.service({}).collectGarbage();
  expect(past.folders).toEqual(['mine.draft', taskId, 'si-3.damaged'].sort());
});

/** The state as it is now, to be put back. */
function copyOf({ project: { stateDirectory } }: History): { restore(): void } {
  const copy = `${stateDirectory}.copy`;
  fs.cpSync(stateDirectory, copy, { recursive: true, preserveTimestamps: true });
  onTestFinished(() => fs.rmSync(copy, { recursive: true, force: true }));
  return {
    restore: () => {
      fs.rmSync(stateDirectory, { recursive: true });
      fs.cpSync(copy, stateDirectory, { recursive: true, preserveTimestamps: true });
    },
  };
}
