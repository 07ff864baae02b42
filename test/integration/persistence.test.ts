import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ImprovementRequest } from '../../src/improvement.js';
import { MoultError } from '../../src/errors/moult-error.js';
import { memoryNotifier } from '../../src/testing/memory-notifier.js';
import { CollectingLogger } from './support/collecting-logger.js';
import { Driver } from './support/driver.js';
import { hookedFileSystem } from './support/hooked-file-system.js';
import { failing, passing, testProject, type TestProject } from './support/project.js';
import { expectWideRequestInPlace, wideRequest } from './support/wide-request.js';

let driver: Driver;
beforeAll(async () => {
  driver = await Driver.make();
});
afterAll(() => driver.remove());

const small: ImprovementRequest = {
  description: 'One file',
  targetFiles: [],
  requiresRestart: false,
  changes: [{ file: 'src/a.ts', type: 'modify', content: 'small\n' }],
};
const busyRepository = () => testProject({ merge: true });
const slow = [{ name: 'slow', type: 'custom', command: 'sleep 60', required: true }];

async function until(isTrue: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 20_000; !isTrue(); await sleep(20))
    if (Date.now() > deadline) throw new Error('It never came to it');
}

/** What the newest snapshot on disk says. */
function stateOnDisk(project: TestProject): string {
  const [taskId] = fs.existsSync(path.join(project.stateDirectory, 'tasks'))
    ? fs.readdirSync(path.join(project.stateDirectory, 'tasks'))
    : [];
  const file = path.join(project.stateDirectory, 'tasks', taskId ?? '', 'snapshot.json');
  if (!fs.existsSync(file)) return '';
  const [, json = ''] = fs.readFileSync(file, 'utf8').split('\n');
  return JSON.stringify((JSON.parse(json) as { snapshot: { value: unknown } }).snapshot.value);
}

describe('another process', () => {
  test('sees and executes a plan that this one made, and this one sees what became of it', async () => {
    const project = await busyRepository();
    const service = project.service();
    const taskId = await service.planImprovement(wideRequest);
    const { root } = project;
    const { answer } = await driver.run({ root, config: { checks: passing }, do: 'execute' });
    expect(answer).toMatchObject({ success: true, taskId });
    await expectWideRequestInPlace(project);
    await expect(service.executeImprovement()).rejects.toMatchObject({ code: 'TASK_FINISHED' });
    expect(await service.rollbackImprovement(taskId)).toMatchObject({ status: 'rolled_back' });
    await project.expectUntouched();
  });

  test('made a plan that a new service of this one executes', async () => {
    const project = await busyRepository();
    const { root } = project;
    const config = { checks: failing };
    await driver.run({ root, config, do: 'plan', request: wideRequest });
    expect(await project.service({ config }).executeImprovement()).toMatchObject({ status: 'rolled_back' });
    await project.expectUntouched();
  });

  test('made a plan under another configuration: it is void, and nothing is touched', async () => {
    const project = await busyRepository();
    const { root } = project;
    await driver.run({ root, config: { checks: failing }, do: 'plan', request: wideRequest });
    await expect(project.service().executeImprovement()).rejects.toMatchObject({
      code: 'PLAN_STALE',
      details: { paths: ['the configuration of moult'] },
    });
    await project.expectUntouched();
  });

  test('cancels what this one executes, and has everything back when it ends', async () => {
    const project = await busyRepository();
    let started: () => void = () => undefined;
    const checking = new Promise<void>((resolve) => (started = resolve));
    const service = project.service({
      config: { checks: slow },
      onProgress: ({ type }) => (type === 'check-started' ? started() : undefined),
    });
    await service.planImprovement(wideRequest);
    const execution = service.executeImprovement();
    await checking;
    const end = await driver.run({ root: project.root, config: { checks: slow }, do: 'cancel' });
    expect(end.code).toBeUndefined();
    await project.expectUntouched();
    expect(await execution).toMatchObject({ status: 'cancelled' });
    expect(await project.service().listImprovements()).toMatchObject([{ status: 'cancelled' }]);
  });
});

describe('a process that is killed', () => {
  async function killed(
    project: TestProject,
    killing: Partial<Parameters<Driver['run']>[0]>,
    checks: unknown = passing,
  ) {
    const config = { checks, restart: { requireConfirmation: true } };
    const request = { ...wideRequest, requiresRestart: true };
    const end = await driver.run({ root: project.root, config, do: 'run', request, ...killing });
    expect(end.signal).toBe('SIGKILL');
  }

  const states = [
    'implementing.backing_up',
    'implementing.checkpointing',
    'implementing.applying',
    'testing.running_checks',
    'testing.sealing',
  ];
  test.each(states)('scenarios 24, 26, 52: on entering %s: recover() puts every byte back', async (state) => {
    const project = await busyRepository();
    await killed(project, { killIn: state });
    const recovered = await project.service().recover();
    // The plan itself may be what the disk knew last.
    for (const { result } of recovered)
      expect(result).toMatchObject({ success: false, status: 'rolled_back', displaced: [] });
    await project.service().cancelImprovement();
    await project.expectUntouched();
    expect(await project.service().recover()).toEqual([]);
    await project.expectUntouched();
  });

  test.each([1, 4, 11, wideRequest.changes.length])(
    'scenario 24: with %i files in place: every byte is put back',
    async (count) => {
      const project = await busyRepository();
      await killed(project, { killWhenApplied: count });
      const [recovered] = await project.service().recover();
      expect(recovered).toMatchObject({
        foundIn: 'implementing.applying',
        result: { status: 'rolled_back', rollbackPerformed: true },
      });
      expect(await project.service().recover()).toEqual([]);
      await project.expectUntouched();
    },
  );

  test('scenario 24: before any one of the calls that it makes, everything is as before or as planned, never between', async () => {
    const config = { checks: passing, restart: { requireConfirmation: true } };
    const reference = await busyRepository();
    const request = { ...wideRequest, requiresRestart: true };
    const { calls = {} } = await driver.run({ root: reference.root, config, do: 'run', request });
    const counted = [...states, 'testing.scheduling_restart', 'planning.assessing'].map(
      (state) => [state, calls[state] ?? 0] as const,
    );
    let kept = 0;
    for (const [state, count] of counted) {
      const step = Math.max(1, Math.ceil(count / (state === 'implementing.applying' ? 8 : 2)));
      for (let after = 0; after < count; after += step) {
        const project = await busyRepository();
        const killing = { killIn: state, killAfterCalls: after };
        const end = await driver.run({ root: project.root, config, do: 'run', request, ...killing });
        expect(end.signal, `${state} ${after}`).toBe('SIGKILL');
        const service = project.service({ restart: { scheduleRestart: () => undefined } });
        await service.recover();
        const [task] = await service.listImprovements();
        if (task?.status === 'awaiting_confirmation') {
          kept += 1;
          await expectWideRequestInPlace(project);
        } else {
          if (task && task.status === 'planning') await service.cancelImprovement(task.taskId);
          await project.expectUntouched();
        }
        await project.remove();
      }
    }
    expect(kept).toBeGreaterThan(0);
  }, 180_000);

  test('after the decision was written, the change is kept, and the restart asked for', async () => {
    const project = await busyRepository();
    await killed(project, { killIn: 'testing.scheduling_restart' });
    const asked: unknown[] = [];
    const service = project.service({ restart: { scheduleRestart: (request) => void asked.push(request) } });
    const [recovered] = await service.recover();
    expect(recovered?.result).toMatchObject({ success: true, status: 'awaiting_confirmation' });
    expect(asked).toHaveLength(1);
    await expectWideRequestInPlace(project);
    expect(await service.recover()).toEqual([]);
    expect(asked).toHaveLength(1);
    expect(await service.confirmImprovement(undefined, { by: 'ann' })).toMatchObject({ status: 'completed' });
    await expectWideRequestInPlace(project);
  });

  test('while it waits for confirmation, it goes on waiting', async () => {
    const project = await busyRepository();
    await killed(project, { killIn: 'awaiting_confirmation' });
    await project.service({ restart: { scheduleRestart: () => undefined } }).recover();
    expect(await project.service().listImprovements()).toMatchObject([{ status: 'awaiting_confirmation' }]);
    await expectWideRequestInPlace(project);
  });

  test('in the middle of a rollback: the next one finishes it', async () => {
    for (const killAfterCalls of [0, 10, 40, 80, 160]) {
      const project = await busyRepository();
      await killed(project, { killIn: 'rolling_back', killAfterCalls }, failing);
      const [recovered] = await project.service().recover();
      expect(recovered?.result).toMatchObject({
        status: 'rolled_back',
        rollbackPerformed: true,
        displaced: [],
      });
      await project.expectUntouched();
      await project.remove();
    }
  });

  test('every other method recovers first: a plan can be made at once', async () => {
    const project = await busyRepository();
    await killed(project, { killWhenApplied: 5 });
    await project.service().planImprovement(small);
    expect(await project.service().listImprovements()).toMatchObject([
      { status: 'rolled_back' },
      { status: 'planning' },
    ]);
    await project.expectUntouched(['src/a.ts']);
  });

  test('scenario 24: in its checks: what they started is killed, and their lock is taken over', async () => {
    const project = await busyRepository();
    const { root } = project;
    const mark = `sleep 61.${process.pid}`;
    const checks = [{ name: 'slow', type: 'custom', command: mark, required: true }];
    const started = driver.start({ root, config: { checks }, do: 'run', request: wideRequest });
    await until(() => stateOnDisk(project).includes('running_checks') && isRunning(mark));
    await expect(project.service().planImprovement(small)).rejects.toMatchObject({
      code: expect.stringMatching(/LOCK_HELD|PATH|FILE/) as string,
    });
    await expect(project.service().recover()).rejects.toMatchObject({
      code: 'LOCK_HELD',
      details: { pid: started.pid },
    });
    await started.kill();
    expect(isRunning(mark)).toBe(true);
    const [recovered] = await project.service().recover();
    expect(recovered).toMatchObject({ foundIn: 'testing.running_checks', result: { status: 'rolled_back' } });
    expect(isRunning(mark)).toBe(false);
    await project.expectUntouched();
  });

  function isRunning(command: string): boolean {
    return fs
      .readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .some((pid) => {
        try {
          return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim() === command;
        } catch {
          return false;
        }
      });
  }

  test('scenario 49: with onInterrupted "resume", an interrupted improvement goes on', async () => {
    for (const killing of [
      { killWhenApplied: 7 },
      { killIn: 'implementing.applying', killAfterCalls: 60 },
      { killIn: 'testing.sealing' },
    ]) {
      const project = await busyRepository();
      const config = { checks: passing, onInterrupted: 'resume' };
      await driver.run({ root: project.root, config, do: 'run', request: wideRequest, ...killing });
      const [recovered] = await project.service({ config }).recover();
      expect(recovered?.result).toMatchObject({ success: true, status: 'completed' });
      await expectWideRequestInPlace(project);
      expect(await project.service({ config }).recover()).toEqual([]);
      await project.remove();
    }
  });

  test('scenario 44: it goes on at most three times, and is then rolled back', async () => {
    const project = await busyRepository();
    const config = { checks: passing, onInterrupted: 'resume' };
    const job = { root: project.root, config, killOnCheck: true };
    expect((await driver.run({ ...job, do: 'run', request: wideRequest })).signal).toBe('SIGKILL');
    for (let time = 1; time <= 3; time += 1)
      expect((await driver.run({ ...job, do: 'recover' })).signal, `resume ${time}`).toBe('SIGKILL');
    const { signal, answer } = await driver.run({ ...job, do: 'recover' });
    expect(signal).toBeNull();
    expect(answer).toMatchObject([{ result: { status: 'rolled_back' } }]);
    await project.expectUntouched();
  });
});

describe('state that is damaged', () => {
  async function interrupted(): Promise<{ project: TestProject; folder: string }> {
    const project = await busyRepository();
    await driver.run({
      root: project.root,
      config: { checks: passing },
      do: 'run',
      request: wideRequest,
      killWhenApplied: 3,
    });
    const [taskId = ''] = fs.readdirSync(path.join(project.stateDirectory, 'tasks'));
    return { project, folder: path.join(project.stateDirectory, 'tasks', taskId) };
  }

  test('a torn last line of the journal was never acknowledged', async () => {
    const { project, folder } = await interrupted();
    const journal = path.join(folder, 'journal.log');
    fs.appendFileSync(journal, '0123456789abcdef {"seq":99,"to');
    const [recovered] = await project.service().recover();
    expect(recovered?.result.status).toBe('rolled_back');
    await project.expectUntouched();
  });

  test('a damaged record in the middle of the journal is refused', async () => {
    const { project, folder } = await interrupted();
    const journal = path.join(folder, 'journal.log');
    const text = fs.readFileSync(journal, 'utf8');
    fs.writeFileSync(journal, text.replace('"type":"intent"', '"type":"Intent"'));
    await expect(project.service().recover()).rejects.toMatchObject({
      code: 'STATE_UNREADABLE',
      details: { file: journal, saved: path.join(folder, 'before') },
    });
  });

  test.each(['snapshot.json', 'plan.json'])(
    'scenario 25: a flipped bit in %s is refused, and the before-images are named',
    async (name) => {
      const { project, folder } = await interrupted();
      const file = path.join(folder, name);
      const good = fs.readFileSync(file);
      for (const place of [3, 80, Math.floor(good.length / 2), good.length - 3]) {
        const bytes = Buffer.from(good);
        bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
        fs.writeFileSync(file, bytes);
        const service = project.service();
        for (const attempt of [
          () => service.recover(),
          () => service.planImprovement(small),
          () => service.describeImprovement(),
        ]) {
          const error = await attempt().catch((thrown: unknown) => thrown);
          if (!(error instanceof MoultError) || error.code === 'LOCK_HELD') throw error;
          if (error.code !== 'STATE_UNREADABLE') continue;
          expect(error.details).toMatchObject({ file, saved: path.join(folder, 'before') });
          expect(error.message).toContain(path.join(folder, 'before'));
        }
        await expect(service.recover()).rejects.toMatchObject({ code: 'STATE_UNREADABLE' });
      }
      fs.writeFileSync(file, good);
      await project.service().recover();
      await project.expectUntouched();
    },
  );

  test('of one improvement does not keep the others from being listed, and is named', async () => {
    const project = await busyRepository();
    const ids = [];
    for (const content of ['one\n', 'two\n', 'three\n']) {
      const changes = [{ file: 'listed.txt', type: 'create' as const, content }];
      ids.push(await project.service().planImprovement({ ...small, changes }));
      await project.service().cancelImprovement();
    }
    const damaged = path.join(project.stateDirectory, 'tasks', ids[1] ?? '', 'snapshot.json');
    fs.truncateSync(damaged, 20);
    const logger = new CollectingLogger();
    const listed = await project.service({ logger }).listImprovements();
    expect(listed.map(({ taskId }) => taskId)).toEqual([ids[0], ids[2]]);
    expect(logger.lines).toEqual([expect.stringContaining(`${ids[1]} is not in the list: The saved state`)]);
    expect(logger.lines[0]).toContain(damaged);
  });

  test('a snapshot of a newer version is refused and left as it is', async () => {
    const { project, folder } = await interrupted();
    const { encodeChecked, decodeChecked } = await import('../../src/store/checked-file.js');
    const file = path.join(folder, 'snapshot.json');
    const good = fs.readFileSync(file);
    for (const newer of [{ format: 2 }, { machineVersion: 999 }]) {
      const value = decodeChecked(good, file) as object;
      fs.writeFileSync(file, encodeChecked({ ...value, ...newer }));
      await expect(project.service().recover()).rejects.toMatchObject({ code: 'STATE_TOO_NEW' });
    }
    fs.writeFileSync(file, good);
    await project.service().recover();
    await project.expectUntouched();
  });
});

describe('an improvement that has ended', () => {
  test.each([
    [passing, 'completed', 'active'],
    [failing, 'rolled_back', 'active'],
    [failing, 'rolled_back', 'before'],
  ])('says so, also where its leftovers cannot be removed (%#)', async (checks, status, folder) => {
    const project = await busyRepository();
    let fails = true;
    const fileSystem = hookedFileSystem((call, [file]) => {
      if (fails && call === 'rm' && path.basename(path.dirname(String(file))) === folder && isDone())
        throw Object.assign(new Error('EIO: i/o error, rm'), { code: 'EIO', errno: -5, syscall: 'rm' });
    });
    const service = project.service({ config: { checks }, fileSystem });
    const isDone = () => service.actor?.getSnapshot().status === 'done';
    const taskId = await service.planImprovement(small);
    expect(await service.executeImprovement()).toMatchObject({ status });
    fails = false;
    await project.service().recover();
    expect(fs.readdirSync(path.join(project.stateDirectory, 'active'))).toEqual([]);
    const left = fs.readdirSync(path.join(project.stateDirectory, 'tasks', taskId, 'before'));
    expect(left).toHaveLength(status === 'completed' ? 1 : 0);
  });
});

describe('the lock', () => {
  test('a process that was frozen and superseded is told so, and says nothing else of the improvement', async () => {
    const project = await busyRepository();
    const notifier = memoryNotifier();
    const waits = [
      { name: 'waits', type: 'custom', command: ': > started; sleep 60', shell: true, required: true },
    ];
    const old = project.service({ config: { checks: waits }, notifier });
    await old.planImprovement(small);
    const executed = old.executeImprovement().then(
      ({ status }) => status,
      (error: unknown) => (error as MoultError).code,
    );
    await expect.poll(() => fs.existsSync(project.at('started')), { timeout: 20_000 }).toBe(true);
    const locks = path.join(project.stateDirectory, 'lock');
    const highest = Math.max(
      ...fs
        .readdirSync(locks)
        .filter((name) => /^\d+$/.test(name))
        .map(Number),
    );
    fs.writeFileSync(path.join(locks, String(highest + 1)), 'released\n');
    // The new holder ends the check and takes everything back.
    const [recovered] = await project.service().recover();
    expect(recovered?.result.status).toBe('rolled_back');
    // The check made it, outside the plan.
    expect(fs.existsSync(project.at('started'))).toBe(false);
    await project.expectUntouched();
    expect(await executed).toBe('LOCK_LOST');
    expect(old.getState()).toBeNull();
    expect(notifier.notices.map(({ milestone }) => milestone)).not.toContain('rollback_failed');
    expect(await project.service().listImprovements()).toMatchObject([{ status: 'rolled_back' }]);
    await project.expectUntouched();
  });

  async function lockedBy(
    change: (holder: Record<string, unknown>) => Record<string, unknown>,
  ): Promise<TestProject> {
    const project = await busyRepository();
    await project.service().planImprovement(small);
    const { ownIdentity } = await import('../../src/process/process-identity.js');
    const holder = change({ ...ownIdentity(), since: new Date().toISOString() });
    const directory = path.join(project.stateDirectory, 'lock');
    const highest = Math.max(
      ...fs
        .readdirSync(directory)
        .filter((name) => /^\d+$/.test(name))
        .map(Number),
    );
    fs.writeFileSync(path.join(directory, String(highest + 1)), JSON.stringify(holder));
    return project;
  }

  test('scenario 27: held by a living process: refused', async () => {
    const project = await lockedBy((holder) => holder);
    await expect(project.service().executeImprovement()).rejects.toMatchObject({
      code: 'LOCK_HELD',
      details: { pid: process.pid },
    });
    await project.expectUntouched(['src/a.ts']);
  });

  test('scenario 27: a dead holder, or another process with its pid, is taken over', async () => {
    for (const change of [{ startTime: '1' }, { pid: 2 ** 22 - 1 }, { bootId: 'another boot' }]) {
      const project = await lockedBy((holder) => ({ ...holder, ...change }));
      expect(await project.service().executeImprovement()).toMatchObject({ success: true });
    }
  });

  test('of another machine: refused until a person says that it is gone', async () => {
    const project = await lockedBy((holder) => ({ ...holder, host: 'another/machine' }));
    for (const attempt of [
      () => project.service().executeImprovement(),
      () => project.service().recover(),
      () => project.service().cancelImprovement(),
    ])
      await expect(attempt()).rejects.toMatchObject({
        code: 'LOCK_FOREIGN',
        details: { host: 'another/machine' },
      });
    expect(await project.service().recover({ takeOverLock: true })).toEqual([]);
    expect(await project.service().executeImprovement()).toMatchObject({ success: true });
  });

  test('scenario 27: of twenty plans at once, one is made', async () => {
    const project = await busyRepository();
    const services = Array.from({ length: 20 }, () => project.service());
    const ends = await Promise.allSettled(services.map((service) => service.planImprovement(small)));
    const refused = ends.filter((end): end is PromiseRejectedResult => end.status === 'rejected');
    expect(refused).toHaveLength(19);
    for (const { reason } of refused)
      expect((reason as MoultError).code).toMatch(/^(LOCK_HELD|TASK_ACTIVE)$/);
    expect(await project.service().listImprovements()).toHaveLength(1);
    await project.expectUntouched(['src/a.ts']);
  });

  test('scenario 27: of ten processes at once, one makes a plan, and one executes it', async () => {
    const project = await busyRepository();
    const config = { checks: passing };
    const { root } = project;
    const all = await Promise.all(
      Array.from({ length: 10 }, () => driver.run({ root, config, do: 'plan', request: wideRequest })),
    );
    expect(all.filter(({ answer }) => typeof answer === 'string')).toHaveLength(1);
    for (const { code } of all) if (code) expect(code).toMatch(/^(LOCK_HELD|TASK_ACTIVE)$/);
    const executed = await Promise.all(
      Array.from({ length: 10 }, () => driver.run({ root, config, do: 'execute' })),
    );
    expect(executed.filter(({ answer }) => answer !== undefined)).toHaveLength(1);
    for (const { code } of executed) if (code) expect(code).toMatch(/^(LOCK_HELD|TASK_FINISHED)$/);
    await expectWideRequestInPlace(project);
  });
});

test('nothing is left open: a project can be removed at once', async () => {
  const project = await busyRepository();
  onTestFinished(() => undefined);
  await project.service().planImprovement(small);
  fs.rmSync(project.top, { recursive: true });
  await expect(project.service().recover()).rejects.toMatchObject({ code: 'NOT_A_PROJECT' });
});
