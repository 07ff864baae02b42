import { constants } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { improvementMachineVersion } from '../../../../machines/index.js';
import { improvementUpgrades } from '../../../../machines/improvement-upgrades.js';
import { runChecks } from '../../../../src/checks/run-checks.js';
import { consoleNotifier, SelfImprovementService } from '../../../../src/index.js';
import { systemClock } from '../../../../src/ports/clock.js';
import { nodeFileSystem } from '../../../../src/ports/node-file-system.js';
import { createSecretMasker } from '../../../../src/secrets/secret-masker.js';
import { nodeSpawner } from '../../../../src/process/node-spawner.js';
import { TaskStore } from '../../../../src/store/task-store.js';
import {
  memoryNotifier,
  type CheckRunnerSubject,
  type NotifierSubject,
  type RestartSubject,
  type SnapshotStore,
  type StoreSubject,
  type WorkspaceSubject,
} from '../../../../src/testing/index.js';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export async function tempFolder(): Promise<{ root: string; close: () => Promise<void> }> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'moult-contract-')));
  return { root: folder, close: () => rm(folder, { recursive: true, force: true }) };
}

/** The store of the engine, as a store of snapshots. */
export async function taskStoreSubject(): Promise<StoreSubject> {
  const { root, close } = await tempFolder();
  let isFull = false;
  const fileSystem: typeof nodeFileSystem = {
    ...nodeFileSystem,
    writeFile: (...args) =>
      isFull
        ? Promise.reject(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }))
        : nodeFileSystem.writeFile(...args),
    open: (...args) =>
      isFull && writes(args[1])
        ? Promise.reject(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }))
        : nodeFileSystem.open(...args),
  };
  return { open: () => openTaskStore(fileSystem, root), fill: () => void (isFull = true), close };
}

function writes(flags: string | number | undefined): boolean {
  return typeof flags === 'number' ? (flags & (constants.O_WRONLY | constants.O_RDWR)) !== 0 : flags !== 'r';
}

async function openTaskStore(fileSystem: typeof nodeFileSystem, root: string): Promise<SnapshotStore> {
  const store = new TaskStore(fileSystem, root, {
    version: improvementMachineVersion,
    steps: improvementUpgrades,
  });
  await store.prepare();
  let revision = 0;
  let last: Promise<unknown> = Promise.resolve();
  const folderOf = async (taskId: string) =>
    (await store.exists(taskId)) ? store.folder(taskId) : store.create(taskId, () => Promise.resolve());
  return {
    save: (taskId, snapshot) => {
      const copy = structuredClone(snapshot) as never;
      revision += 1;
      const envelope = { revision, savedAt: new Date().toISOString(), snapshot: copy };
      const saved = last.then(async () => store.saveSnapshot(await folderOf(taskId), envelope));
      last = saved.catch(() => undefined);
      return saved;
    },
    load: async (taskId) => {
      if (!(await store.exists(taskId))) return null;
      return (await store.loadSnapshot(await store.folder(taskId)))?.snapshot ?? null;
    },
  };
}

export function memoryNotifierSubject(): NotifierSubject {
  const notifier = memoryNotifier();
  return { notifier, delivered: () => notifier.notices.map(({ title, message }) => `${title}\n${message}`) };
}

export function consoleNotifierSubject(): NotifierSubject {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  return { notifier: consoleNotifier({ ...quiet, info: write, warn: write }), delivered: () => lines };
}

export async function checkRunnerSubject(): Promise<CheckRunnerSubject> {
  const { root, close } = await tempFolder();
  const logs = await tempFolder();
  return {
    root,
    run: (checks, signal) =>
      runChecks(checks, {
        root,
        spawn: nodeSpawner,
        fileSystem: nodeFileSystem,
        clock: systemClock,
        passEnv: [],
        masker: createSecretMasker({}),
        mark: `si-${process.pid}${Date.now()}@contract`,
        logDirectory: logs.root,
        logPathPrefix: 'logs',
        ...(signal ? { signal } : {}),
      }),
    close: () => Promise.all([close(), logs.close()]).then(() => undefined),
  };
}

/** The whole engine, as a workspace. */
export async function engineWorkspaceSubject(): Promise<WorkspaceSubject> {
  const { root, close } = await tempFolder();
  const service = new SelfImprovementService(root, {
    config: { checks: [{ name: 'good', type: 'custom', command: 'true' }], restartTriggers: [] },
    logger: quiet,
  });
  let taskId = '';
  return {
    root,
    ignore: ['.moult', '.'],
    plan: async (changes) => {
      const plan = {
        description: 'contract',
        targetFiles: [],
        changes: [...changes],
        requiresRestart: false,
      };
      taskId = await service.planImprovement(plan);
    },
    apply: async () => {
      const { success, error } = await service.executeImprovement(taskId);
      if (!success) throw new Error(error);
    },
    rollBack: async () => {
      const { displaced } = await service.rollbackImprovement(taskId, { force: true });
      const details = await service.describeImprovement(taskId);
      return { displaced, restored: details.rollback?.restored ?? [] };
    },
    close,
  };
}

/** A host that restarts by a timer. */
export function timerRestartSubject(): RestartSubject {
  const restarts: string[] = [];
  const timers: (() => void)[] = [];
  let pending = false;
  return {
    port: {
      scheduleRestart: ({ reason, delayMs }) => {
        if (pending) return;
        pending = true;
        const timer = setTimeout(() => void (restarts.push(reason), (pending = false)), delayMs);
        timers.push(() => clearTimeout(timer));
      },
    },
    restarts: () => restarts,
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 1_200))),
    close: () => timers.forEach((stop) => stop()),
  };
}
